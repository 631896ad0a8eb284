import { basename, isAbsolute, join, relative } from 'node:path';
import { defined } from '../../../shared/defined.ts';
import type { GuardedFile } from '../../../shared/model/guarded-file.ts';
import type { AgentEvent } from '../../../shared/model/run-event.ts';
import { type Quarantined, reasonOf } from '../sandbox/guard/quarantine.ts';
import { identityAt } from './snapshot.ts';

/** `not-stopped`, `at-work`: the session was ended because its processes could not be held still. */
export type Found = Omit<Quarantined, 'how'> & { readonly how: Quarantined['how'] | 'not-stopped' | 'at-work' };

interface Place {
  readonly root: string;
  readonly newId: () => string;
}

/** The events of what was found in a working directory: one for each file, and a notice for what is about none. */
export function eventsOf(found: readonly Found[], place: Place): AgentEvent[] {
  return found.map((one) => {
    if (!isOfFile(one.how)) return noticeOf(one.how, { path: one.path });
    return { type: 'file.guarded', ...fileOf(one, place) };
  });
}

/** Of one file, and not of the whole folder or session. */
const isOfFile = (how: Found['how']): boolean => how === 'renamed' || how === 'disarmed' || how === 'armed';

export const noticeOf = (key: string, values: Record<string, string>): AgentEvent => ({
  type: 'notice',
  level: 'warn',
  key: `notice.quarantine-${key}`,
  values,
});

function fileOf({ path, how, reason = 'git', aside }: Found, { root, newId }: Place): GuardedFile {
  const isOutside = isAbsolute(path);
  // Of a link in git's own folders only a text that says where it led is kept.
  const canReturn = how === 'renamed' && reason !== 'link' && !isOutside && aside !== undefined;
  const identity = canReturn ? identityAt(root, join(root, aside)) : undefined;
  return {
    fileId: newId(),
    path,
    reason,
    how: how === 'renamed' || how === 'disarmed' ? how : 'armed',
    ...defined({ aside, identity }),
  };
}

/** A file that was replaced and written to in a moment in which nothing protected it: maybe the user's, maybe not. */
export function unclearEvent(path: string, { root, newId }: Place): AgentEvent {
  const shown = relative(root, path).toWellFormed();
  const reason = basename(path) === '.git' || shown.split('/').includes('.git') ? 'git' : reasonOf(path);
  const identity = identityAt(root, path);
  const file: GuardedFile = { fileId: newId(), path: shown, reason, how: 'unclear', ...(identity && { identity }) };
  return { type: 'file.guarded', ...file };
}
