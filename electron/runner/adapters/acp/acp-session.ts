import { type ClientConnection, methods } from '@agentclientprotocol/sdk';
import type { McpUnsupported } from '../../../../shared/runner-protocol/mcp.ts';
import type { Continuation } from '../../../../shared/runner-protocol/protocol.ts';
import type { TurnRules } from '../../../../shared/runner-protocol/turn-rules.ts';
import type { AgentSession, TurnRequest } from '../adapter.ts';
import { failed, quote } from './failures.ts';
import type { AcpOptions } from './options.ts';
import { isRefusal } from './rpc-error.ts';
import { type OfferedModes, setMode } from './set-mode.ts';
import type { Signs } from './signs.ts';
import { createTurn, type Turn } from './turn.ts';
import type { TurnCosts } from './turn-cost.ts';

/** Output and process end together, but are told apart by a moment. */
const CLOSED_OUTPUT_GRACE_MS = 1000;

/** A conversation that is open. */
export interface Opened {
  readonly connection: ClientConnection;
  readonly sessionId: string;
  readonly agentName: string;
  readonly agentVersion: string | undefined;
  readonly canGoBack: boolean;
  readonly continuation: Continuation | undefined;
  readonly mcpUnsupported: readonly McpUnsupported[];
  readonly offered: OfferedModes;
  /** The model that it is set to, where the agent names it. */
  readonly model: string | undefined;
}

/** The turn that the agent's updates belong to. */
export interface Current {
  readonly costs: TurnCosts;
  turn?: Turn;
  /** The agent says again what was said before. */
  replaying?: boolean;
}

/** Runs one turn after the other in an open conversation. */
export function createAcpSession({
  opened,
  options,
  signs,
  current,
}: {
  opened: Opened;
  options: AcpOptions;
  signs: Signs;
  current: Current;
}): AgentSession {
  const { agent } = opened.connection;
  const { sessionId, agentName, agentVersion, canGoBack, continuation, mcpUnsupported, offered } = opened;
  const setModel = { name: opened.model };
  if (continuation === 'continued') current.costs.continued();
  void options.program.exited.then((exit) => current.turn?.exited(exit));
  // An agent that closes its output and lives on would leave its turn waiting for ever.
  options.program.stdout.once('close', () => {
    const takeBack = options.clock.after(CLOSED_OUTPUT_GRACE_MS, () => {
      options.note('the agent closed its output without ending', 'warn');
      if (current.turn === undefined) options.kill();
      else current.turn.violated('it closed its output');
    });
    void options.program.exited.then(takeBack);
  });

  /** False when the turn is over by it: in another mode than the chosen one it must not run. */
  const enterMode = async (turn: Turn, { mode, modeId }: TurnRules): Promise<boolean> => {
    if (modeId === undefined) return true;
    const refuse = (reason: string) =>
      turn.notStarted(failed('PERMISSION_MODE_REFUSED', { agent: agentName, mode, reason }));
    try {
      if (await setMode(agent, { sessionId, modeId, offered })) return true;
      refuse('it does not offer it');
    } catch (error) {
      // Anything else means that the connection is gone: the exit of the program ends the turn.
      if (isRefusal(error)) refuse(quote(error.message, options.redact));
    }
    return false;
  };
  const send = async (turn: Turn, { prompt, rules }: Pick<TurnRequest, 'prompt' | 'rules'>): Promise<void> => {
    try {
      if (rules !== undefined && !(await enterMode(turn, rules))) return;
      const response = await agent.request(methods.agent.session.prompt, {
        sessionId,
        prompt: [{ type: 'text', text: prompt }],
      });
      turn.answered(response);
    } catch (error) {
      // Anything else means that the connection is gone: the exit of the program ends the turn.
      if (isRefusal(error)) turn.refused(error);
    }
  };
  return {
    agentName,
    agentVersion,
    agentSessionId: canGoBack ? sessionId : undefined,
    continuation,
    mcpUnsupported,
    async prompt({ prompt, rules, emit }) {
      current.costs.beginTurn();
      const turn = createTurn({
        ...options,
        agentName,
        limits: options.launch.limits,
        signs,
        setModel,
        rules,
        emit: (event) => emit(event.type === 'usage' ? current.costs.ofTurn(event) : event),
        sendCancel: () => void agent.notify(methods.agent.session.cancel, { sessionId }).catch(() => undefined),
      });
      current.turn = turn;
      if (options.program.hasExited()) turn.exited(await options.program.exited);
      else void send(turn, { prompt, rules });
      const result = await turn.result;
      delete current.turn;
      return result;
    },
    cancel: () => current.turn?.cancel(),
    answerPermission: (requestId, outcome) => current.turn?.answerPermission(requestId, outcome) ?? false,
    errorLine: (line) => current.turn?.errorLine(line),
  };
}
