import type { Keychain } from '../ports.ts';

/** Keeps values in this process only: gone when it ends. For the choice "this session only". */
export function createMemoryKeychain(): Keychain {
  const values = new Map<string, string>();
  return {
    store: 'memory',
    get: async (account) => values.get(account) ?? null,
    set: async (account, value) => void values.set(account, value),
    delete: async (account) => values.delete(account),
    list: async () => [...values.keys()],
    check: async () => ({ state: 'available', store: 'memory' }),
  };
}
