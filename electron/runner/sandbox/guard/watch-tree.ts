import type { SandboxPolicy } from '../../../../shared/model/sandbox-policy.ts';
import { findInTree } from './find.ts';
import { type Guard, guardMounts } from './guard.ts';

/**
 * For a backend that refuses guarded names by rule, absent ones too: nothing has to be set aside afterwards. What has
 * other names, as folders of hooks that a repository's settings name, is found when the program starts.
 */
export async function watchTree(policy: SandboxPolicy): Promise<Guard> {
  const { workingDirectory: root, guard } = policy;
  const findings = await findInTree({ root, names: guard.names, empty: [] });
  const unchecked = findings.complete ? [] : [{ path: '.', how: 'unchecked' as const }];
  return {
    mounts: guardMounts(policy, findings, []),
    inspect: async () => unchecked,
    close: async () => unchecked,
  };
}
