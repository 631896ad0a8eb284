import type { CoreHandlers } from '../../../shared/contract/methods.ts';
import { agentRegistryHandlers } from './handlers/agent-registry.ts';
import { agentHandlers } from './handlers/agents.ts';
import { bootHandlers } from './handlers/boot.ts';
import { credentialHandlers } from './handlers/credentials.ts';
import { declarationHandlers } from './handlers/declarations.ts';
import { diagnosticsHandlers } from './handlers/diagnostics.ts';
import { egressHandlers } from './handlers/egress.ts';
import { forgetHandlers } from './handlers/forget.ts';
import { hostHandlers } from './handlers/host.ts';
import { leakHandlers } from './handlers/leaks.ts';
import { loginHandlers } from './handlers/logins.ts';
import { logHandlers } from './handlers/logs.ts';
import { mcpHandlers } from './handlers/mcp.ts';
import { networkHandlers } from './handlers/network.ts';
import { providerHandlers } from './handlers/providers.ts';
import { recoveryHandlers } from './handlers/recovery.ts';
import { sandboxHandlers } from './handlers/sandbox.ts';
import { terminalHandlers } from './handlers/terminals.ts';
import { turnHandlers } from './handlers/turns.ts';
import { userAgentHandlers } from './handlers/user-agents.ts';
import { variableHandlers } from './handlers/variables.ts';
import { worktreeHandlers } from './handlers/worktrees.ts';

type Needs = Parameters<typeof agentHandlers>[0] &
  Parameters<typeof agentRegistryHandlers>[0] &
  Parameters<typeof bootHandlers>[0] &
  Parameters<typeof credentialHandlers>[0] &
  Parameters<typeof declarationHandlers>[0] &
  Parameters<typeof diagnosticsHandlers>[0] &
  Parameters<typeof egressHandlers>[0] &
  Parameters<typeof forgetHandlers>[0] &
  Parameters<typeof hostHandlers>[0] &
  Parameters<typeof leakHandlers>[0] &
  Parameters<typeof mcpHandlers>[0] &
  Parameters<typeof logHandlers>[0] &
  Parameters<typeof recoveryHandlers>[0] &
  Parameters<typeof networkHandlers>[0] &
  Parameters<typeof sandboxHandlers>[0] &
  Parameters<typeof providerHandlers>[0] &
  Parameters<typeof userAgentHandlers>[0] &
  Parameters<typeof variableHandlers>[0] &
  Parameters<typeof worktreeHandlers>[0] & {
    turns: Parameters<typeof turnHandlers>[0];
    checkpoints: Parameters<typeof turnHandlers>[1];
    terminals: Parameters<typeof terminalHandlers>[0];
    logins: Parameters<typeof loginHandlers>[0];
  };

/** A handler for every method of the contract: one that is forgotten does not compile. */
export function createHandlers(needs: Needs): CoreHandlers {
  return {
    ...agentHandlers(needs),
    ...agentRegistryHandlers(needs),
    ...userAgentHandlers(needs),
    ...declarationHandlers(needs),
    ...providerHandlers(needs),
    ...bootHandlers(needs),
    ...diagnosticsHandlers(needs),
    ...credentialHandlers(needs),
    ...variableHandlers(needs),
    ...turnHandlers(needs.turns, needs.checkpoints),
    ...terminalHandlers(needs.terminals),
    ...loginHandlers(needs.logins),
    ...leakHandlers(needs),
    ...logHandlers(needs),
    ...egressHandlers(needs),
    ...networkHandlers(needs),
    ...mcpHandlers(needs),
    ...recoveryHandlers(needs),
    ...sandboxHandlers(needs),
    ...hostHandlers(needs),
    ...forgetHandlers(needs),
    ...worktreeHandlers(needs),
  };
}
