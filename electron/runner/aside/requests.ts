import { join, relative } from 'node:path';
import { defined } from '../../../shared/defined.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { RunnerParams, RunnerResult } from '../../../shared/runner-protocol/protocol.ts';
import { setAside } from '../sandbox/guard/quarantine.ts';
import { asideFailure } from './failure.ts';
import { putBack } from './put-back.ts';
import { shownOf } from './shown.ts';
import { identityAt, snapshotOf } from './snapshot.ts';

/**
 * Looks at, puts back and sets aside without a session. Each is one synchronous step: no session of this runner wakes in
 * the middle of it.
 */
export function createAsideRequests(deps: {
  /** An agent is at work in a folder that shares files with this one. */
  readonly isAtWork: (directory: string) => boolean;
}) {
  return {
    async 'aside.look'({ root, path }: RunnerParams<'aside.look'>): Promise<RunnerResult<'aside.look'>> {
      const snapshot = snapshotOf(root, join(root, path));
      return { identity: snapshot.identity, entries: shownOf(snapshot) };
    },
    async 'aside.putBack'(params: RunnerParams<'aside.putBack'>): Promise<RunnerResult<'aside.putBack'>> {
      const { root, path, aside, identity } = params;
      // What comes while an agent is at work would be set aside again at the end of its turn.
      if (deps.isAtWork(root)) throw new PerchError('ASIDE_BUSY');
      putBack(root, { path: join(root, path), aside: join(root, aside), identity });
      return {};
    },
    async 'aside.setAside'({ root, path }: RunnerParams<'aside.setAside'>): Promise<RunnerResult<'aside.setAside'>> {
      const aside = renamed(root, join(root, path));
      const identity = identityAt(root, aside);
      return { aside: relative(root, aside).toWellFormed(), ...defined({ identity }) };
    },
  };
}

function renamed(root: string, path: string): string {
  try {
    return setAside(root, path);
  } catch (error) {
    throw asideFailure(error);
  }
}
