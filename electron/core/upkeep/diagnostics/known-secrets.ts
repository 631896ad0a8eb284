import type { Keychain } from '../../ports.ts';

export interface KnownSecrets {
  readonly values: readonly string[];
  /** False: the keychain did not answer, and what it holds is not among the values. */
  readonly complete: boolean;
}

/** Every value that Perch keeps or holds now, also those that no session uses. For masking; let go of at once. */
export function createKnownSecrets(options: {
  keychain: Pick<Keychain, 'list' | 'get'>;
  /** Values that are kept in this process only. */
  held: readonly (() => Promise<readonly string[]>)[];
}): () => Promise<KnownSecrets> {
  const { keychain, held } = options;

  async function kept(): Promise<string[]> {
    const values: string[] = [];
    for (const account of await keychain.list()) values.push((await keychain.get(account)) ?? '');
    return values;
  }

  return async () => {
    const inProcess = (await Promise.all(held.map((values) => values()))).flat();
    try {
      return { values: [...inProcess, ...(await kept())], complete: true };
    } catch {
      return { values: inProcess, complete: false };
    }
  };
}
