import type { SandboxPolicy } from '../../../../shared/model/sandbox-policy.ts';
import { findInTree } from './find.ts';
import { watchElsewhere } from './git-links.ts';
import { type Guard, guardMounts, knownOf } from './guard.ts';
import { type Quarantined, quarantine } from './quarantine.ts';

/**
 * For a backend that refuses guarded names by rule, absent ones too, so that nothing has to hold them. A rule does not
 * see what is in a folder: one that is moved in whole, from the agent's own, may be a repository. So what has come is
 * set aside all the same.
 */
export async function watchTree(policy: SandboxPolicy): Promise<Guard> {
  const { workingDirectory: root, guard } = policy;
  const find = () => findInTree({ root, names: guard.names, empty: [] });
  const findings = await find();
  let known = knownOf(root, findings);
  const inspectElsewhere = await watchElsewhere(policy);
  const inspect = async (): Promise<Quarantined[]> => [
    ...quarantine(root, await find(), known),
    ...(await inspectElsewhere()),
  ];
  const renew = async () => {
    const now = await find();
    const commit = (): void => {
      known = knownOf(root, now);
    };
    return { mounts: guardMounts(policy, now, []), commit };
  };
  return {
    mounts: guardMounts(policy, findings, []),
    inspect,
    rest: () => undefined,
    renew,
    again: () => [],
    leave: () => undefined,
    close: inspect,
  };
}
