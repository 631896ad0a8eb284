import { dirname, join } from 'node:path';
import type { SandboxPolicy } from '../../../shared/model/sandbox-policy.ts';
import { nodeExecutable } from './checkout.ts';

/** For tests: a policy without a network, with everything else closed as in a real one. */
export function testPolicy(
  own: Pick<SandboxPolicy, 'workingDirectory' | 'state'> & Partial<SandboxPolicy>,
): SandboxPolicy {
  return {
    enforcement: 'required',
    readOnly: [],
    writable: [],
    network: { kind: 'none' },
    guard: { names: [], held: [], empty: [] },
    limits: { processes: 1024, fileBytes: 1024 ** 3, memoryBytes: 8 * 1024 ** 3 },
    nesting: false,
    nodeExecutable,
    records: join(dirname(own.state.hostPath), 'records'),
    ...own,
  };
}
