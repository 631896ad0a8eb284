import type { z } from 'zod';
import { agentRegistryMethods } from './methods/agent-registry.ts';
import { agentsMethods } from './methods/agents.ts';
import { bootMethods } from './methods/boot.ts';
import { credentialsMethods } from './methods/credentials.ts';
import { declarationsMethods } from './methods/declarations.ts';
import { diagnosticsMethods } from './methods/diagnostics.ts';
import { egressMethods } from './methods/egress.ts';
import { environmentMethods } from './methods/environment.ts';
import { eventsMethods } from './methods/events.ts';
import { forgetMethods } from './methods/forget.ts';
import { hostMethods } from './methods/host.ts';
import { leaksMethods } from './methods/leaks.ts';
import { loginsMethods } from './methods/logins.ts';
import { logsMethods } from './methods/logs.ts';
import { mcpMethods } from './methods/mcp.ts';
import { networkMethods } from './methods/network.ts';
import { providersMethods } from './methods/providers.ts';
import { recoveryMethods } from './methods/recovery.ts';
import { runnerMethods } from './methods/runner.ts';
import { sandboxMethods } from './methods/sandbox.ts';
import { terminalsMethods } from './methods/terminals.ts';
import { turnsMethods } from './methods/turns.ts';
import { userAgentsMethods } from './methods/user-agents.ts';
import { variablesMethods } from './methods/variables.ts';
import { worktreesMethods } from './methods/worktrees.ts';

/** Prompts over this many UTF-8 bytes are refused with PROMPT_TOO_LARGE. The door itself takes more, so that the sentence arrives. */
export const MAX_PROMPT_BYTES = 1024 * 1024;
/** Bytes in UTF-8 above which a secret is refused. */
export const MAX_SECRET_BYTES = 64 * 1024;

/**
 * Every method of every door: Electron IPC, WebSocket, the command line's local socket. One file a namespace.
 */
export const contract = {
  ...eventsMethods,
  ...agentsMethods,
  ...agentRegistryMethods,
  ...userAgentsMethods,
  ...declarationsMethods,
  ...providersMethods,
  ...credentialsMethods,
  ...loginsMethods,
  ...environmentMethods,
  ...variablesMethods,
  ...egressMethods,
  ...networkMethods,
  ...mcpMethods,
  ...sandboxMethods,
  ...turnsMethods,
  ...terminalsMethods,
  ...bootMethods,
  ...diagnosticsMethods,
  ...runnerMethods,
  ...recoveryMethods,
  ...leaksMethods,
  ...logsMethods,
  ...hostMethods,
  ...forgetMethods,
  ...worktreesMethods,
} as const;

type Contract = typeof contract;
export type MethodName = keyof Contract;
export type Params<M extends MethodName> = z.infer<Contract[M]['params']>;
export type Result<M extends MethodName> = z.infer<Contract[M]['result']>;

/** The caller. A window and an editor may not do everything that the person at the command line may. */
export type Caller = { readonly kind: 'window' | 'command-line' };

/** A handler for every method: a forgotten one does not compile. */
type Handlers = {
  readonly [M in MethodName]: (params: Params<M>, caller: Caller) => Promise<Result<M>>;
};

/** Handled by the door itself, per connection. */
type DoorMethod = 'events.subscribe';
export type CoreHandlers = Omit<Handlers, DoorMethod>;

export function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(contract, name);
}
