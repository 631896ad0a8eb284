import type { Keychain } from '../ports.ts';
import { itemAccounts, joinParts, splitValue } from './split.ts';

/** Whole values over a keychain that takes only so much in one item. */
export interface Vault {
  /** How many items `write` will need: to be noted before it is called. */
  itemsFor(value: string): number;
  write(credentialId: string, value: string): Promise<void>;
  /** Undefined when it is not there, or not whole. */
  read(credentialId: string, items: number): Promise<string | undefined>;
  /** Goes on after a missing item; every one of them is gone when it resolves. */
  erase(credentialId: string, items: number): Promise<void>;
}

export function createVault(keychain: Keychain): Vault {
  return {
    itemsFor: (value) => splitValue(value).length,
    async write(credentialId, value) {
      const parts = splitValue(value);
      for (const [index, account] of itemAccounts(credentialId, parts.length).entries()) {
        await keychain.set(account, parts[index] ?? '');
      }
    },
    async read(credentialId, items) {
      const parts: (string | null)[] = [];
      for (const account of itemAccounts(credentialId, items)) parts.push(await keychain.get(account));
      return joinParts(parts);
    },
    async erase(credentialId, items) {
      for (const account of itemAccounts(credentialId, items)) await keychain.delete(account);
    },
  };
}
