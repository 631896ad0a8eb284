import type { CredentialView } from '../../../../shared/model/credential.ts';
import type { LivenessReason, LivenessReport } from '../../../../shared/model/liveness.ts';
import type { LaunchNotice } from '../launch.ts';

/** Reasons that the user cannot change: the turn mentions them without a warning. */
const FOR_GOOD: ReadonlySet<LivenessReason> = new Set(['no-request', 'own-endpoint', 'kind']);

/**
 * The notices at the start of a session whose credentials pass although their provider did not simply accept them:
 * limited, no credit, or not checked. Each reason appears once. Pure.
 */
export function livenessNotices(
  reports: readonly LivenessReport[],
  { provider, entries }: { provider: string; entries: readonly CredentialView[] },
): LaunchNotice[] {
  const said = new Map<LivenessReason, { report: LivenessReport; variables: string[] }>();
  for (const report of reports) {
    const { verdict, reason, credentialId } = report;
    if (verdict === 'alive' || verdict === 'dead') continue;
    const variable = entries.find((entry) => entry.credentialId === credentialId)?.variable ?? '';
    const same = said.get(reason);
    if (same === undefined) said.set(reason, { report, variables: [variable] });
    else same.variables.push(variable);
  }
  return [...said.values()].map(({ report: { reason, status = '', cause = '' }, variables }) => ({
    level: FOR_GOOD.has(reason) ? 'info' : 'warn',
    key: `notice.credential-${reason}`,
    values: { provider, variable: variables.join(', '), status, cause },
  }));
}
