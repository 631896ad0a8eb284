import type { User } from './world.ts';

/** Of nobody's, on every Linux. */
const ORDINARY = 65534;

export const isRoot = process.getuid?.() === 0;
const self: User = { name: isRoot ? 'root' : 'an ordinary user', uid: process.getuid?.() ?? 0, prefix: [] };

/** Root tries as an ordinary user too. */
export const users: readonly User[] = isRoot
  ? [
      {
        name: 'an ordinary user',
        uid: ORDINARY,
        prefix: ['/usr/bin/setpriv', '--reuid', String(ORDINARY), '--regid', String(ORDINARY), '--clear-groups', '--'],
      },
      self,
    ]
  : [self];
