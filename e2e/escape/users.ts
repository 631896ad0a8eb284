import { noOrdinaryUser, ordinaryUser } from '../../electron/runner/testing/checkout.ts';
import type { User } from './world.ts';

export const isRoot = process.getuid?.() === 0;
const self: User = { name: isRoot ? 'root' : 'an ordinary user', uid: process.getuid?.() ?? 0, prefix: [] };

/** Root tries as an ordinary user too, where the machine has room for one. */
export const users: readonly User[] = isRoot
  ? [...(noOrdinaryUser === undefined ? [{ name: 'an ordinary user', ...ordinaryUser }] : []), self]
  : [self];
