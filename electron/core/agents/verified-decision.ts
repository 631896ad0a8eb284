import { fromWireError } from '../../../shared/errors/perch-error.ts';
import type { CredentialView } from '../../../shared/model/credential.ts';
import type { LivenessReport } from '../../../shared/model/liveness.ts';
import { livenessNotices } from '../launch/gate/liveness-notices.ts';
import type { LaunchNotice } from '../launch/launch.ts';
import type { AgentCredentials, AgentLiveness, AgentProviders } from './ports.ts';
import type { Situation } from './situation.ts';

export interface VerifiedDecision {
  readonly decided: Situation;
  /** The values of the session's credentials, by variable. */
  readonly values: ReadonlyMap<string, string>;
  readonly reports: readonly LivenessReport[];
}

/** Decides with a verdict of the last minute on exactly the values that the session gets. */
export function createVerification({
  credentials,
  liveness,
}: {
  credentials: Pick<AgentCredentials, 'readValues'>;
  liveness: Pick<AgentLiveness, 'ensure'>;
}) {
  /** @throws PerchError with the gate's refusal, CREDENTIAL_UNREADABLE, KEYCHAIN_* */
  return async function verify(decide: () => Situation): Promise<VerifiedDecision> {
    const before = decide();
    // A refusal by the provider is asked about again; every other obstacle stays.
    refuse(before, ({ code }) => code !== 'BYOK_CREDENTIAL_INVALID');
    if (before.resolution?.state !== 'resolved') return { decided: before, values: new Map(), reports: [] };
    const values = await credentials.readValues(before.resolution);
    const reports = await liveness.ensure(before.resolution.entries, values);
    const decided = decide();
    // A credential or a setting was changed meanwhile: these are not the values that were asked about.
    if (stampsOf(decided) !== stampsOf(before)) return verify(decide);
    refuse(decided, () => true);
    return { decided, values, reports };
  };
}

export function sessionCredentials({ resolution }: Situation): readonly CredentialView[] {
  return resolution?.state === 'resolved' ? resolution.entries : [];
}

export function verifiedNotices(
  situation: Situation,
  reports: readonly LivenessReport[],
  registry: Pick<AgentProviders, 'get'>,
): LaunchNotice[] {
  const { provider } = situation.effective;
  if (provider.state !== 'derived') return [];
  return livenessNotices(reports, {
    provider: registry.get(provider.providerId).name,
    entries: sessionCredentials(situation),
  });
}

/** A sandbox that is still being checked is no bar: the runner enforces the policy or refuses. */
function refuse({ readiness }: Situation, isBar: (error: { code: string }) => boolean): void {
  if (readiness.state === 'not-ready' && isBar(readiness.error)) throw fromWireError(readiness.error);
}

function stampsOf(situation: Situation): string {
  return JSON.stringify([
    situation.effective,
    sessionCredentials(situation).map(({ credentialId, updatedAt }) => [credentialId, updatedAt]),
  ]);
}
