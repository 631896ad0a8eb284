import type { AgentView } from '../../../shared/model/agent.ts';
import type { ConnectionState } from '../../../shared/model/connection-state.ts';
import { providerIdSchema } from '../../../shared/model/ids.ts';
import type { RunnerStatus } from './status.ts';

/**
 * The one connection state that the window shows. Signed out (the selected agent has no usable credential) shows only
 * while the runner is well: a missing runner is the nearer trouble.
 */
export function decideConnection(runner: RunnerStatus, selected: AgentView | undefined): ConnectionState {
  if (runner.kind !== 'connected') return runner;
  const providerId = missingCredentialOf(selected);
  if (providerId !== undefined) return { kind: 'needs-sign-in', providerId };
  return { kind: 'connected', since: runner.since };
}

const NEED_A_NEW_ONE: ReadonlySet<string> = new Set([
  'MISSING_BYOK_CREDENTIAL',
  'BYOK_CREDENTIAL_INVALID',
  'CREDENTIAL_EXPIRED',
]);

function missingCredentialOf(selected: AgentView | undefined): string | undefined {
  if (selected?.readiness.state !== 'not-ready') return undefined;
  const { code, values } = selected.readiness.error;
  if (!NEED_A_NEW_ONE.has(code)) return undefined;
  const named = providerIdSchema.safeParse(values.providerId ?? selected.effective.providerId);
  return named.success ? named.data : undefined;
}
