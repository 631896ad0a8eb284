import type { SandboxPolicy } from '../../../../shared/model/sandbox-policy.ts';
import { findInTree } from './find.ts';
import { type Guard, guardMounts } from './guard.ts';
import { identityOf, partsOf, type Quarantined, quarantine } from './quarantine.ts';

/**
 * For a backend that refuses guarded names by rule, absent ones too, so that nothing has to hold them. A rule does not
 * see what is in a folder: one that is moved in whole, from the agent's own, may be a repository. So what has come is
 * set aside all the same.
 */
export async function watchTree(policy: SandboxPolicy): Promise<Guard> {
  const { workingDirectory: root, guard } = policy;
  const find = () => findInTree({ root, names: guard.names, empty: [] });
  const findings = await find();
  const known = new Set(
    partsOf(findings)
      .map(identityOf)
      .filter((one) => one !== undefined),
  );
  const inspect = async (): Promise<Quarantined[]> => {
    const now = await find();
    const done = quarantine(root, now, known);
    return now.complete ? done : [...done, { path: '.', how: 'unchecked' }];
  };
  return { mounts: guardMounts(policy, findings, []), inspect, close: inspect };
}
