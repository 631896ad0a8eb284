import { type ClientContext, methods, type SessionConfigOption, type SessionModeState } from '@agentclientprotocol/sdk';

/** The modes that an agent named when its session was opened: in either of the protocol's two ways, or not at all. */
export interface OfferedModes {
  readonly modes: SessionModeState | null | undefined;
  readonly configOptions: readonly SessionConfigOption[] | null | undefined;
}

/**
 * Puts the session into a mode of the agent's. False when it offers no such mode; what it refuses, this rejects with.
 */
export async function setMode(
  agent: ClientContext,
  { sessionId, modeId, offered }: { sessionId: string; modeId: string; offered: OfferedModes },
): Promise<boolean> {
  if (offered.modes?.availableModes.some(({ id }) => id === modeId)) {
    await agent.request(methods.agent.session.setMode, { sessionId, modeId });
    return true;
  }
  const option = offered.configOptions?.find((one) => one.type === 'select' && one.category === 'mode');
  if (option === undefined) return false;
  await agent.request(methods.agent.session.setConfigOption, { sessionId, configId: option.id, value: modeId });
  return true;
}
