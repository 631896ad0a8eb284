import { z } from 'zod';
import type { Database } from '../storage/database/database.ts';
import { parseJson } from '../storage/stored-value.ts';

export interface StoredProxy {
  readonly url: string;
  readonly userName: string | undefined;
  /** Items of the keychain that hold the password; 0: it has none there. */
  readonly passwordItems: number;
  readonly exceptions: readonly string[];
  /** Milliseconds since the epoch: another one is another proxy for the sessions that run. */
  readonly setAt: number;
}

interface Row {
  url: string;
  user_name: string | null;
  password_items: number;
  exceptions: string;
  set_at: number;
}

/** The tables `own_proxy` and `own_certificates`, of one row at most. */
export function createNetworkStore({ sql }: Pick<Database, 'sql'>) {
  const readProxy = sql.prepare<[], Row>('SELECT * FROM own_proxy');
  const writeProxy = sql.prepare<[Row]>(
    `INSERT OR REPLACE INTO own_proxy (one, url, user_name, password_items, exceptions, set_at)
     VALUES (1, @url, @user_name, @password_items, @exceptions, @set_at)`,
  );
  const eraseProxy = sql.prepare('DELETE FROM own_proxy');
  const readFile = sql.prepare<[], { file: string }>('SELECT file FROM own_certificates');
  const writeFile = sql.prepare('INSERT OR REPLACE INTO own_certificates (one, file) VALUES (1, ?)');
  const eraseFile = sql.prepare('DELETE FROM own_certificates');
  return {
    proxy(): StoredProxy | undefined {
      const row = readProxy.get();
      if (row === undefined) return undefined;
      return {
        url: row.url,
        userName: row.user_name ?? undefined,
        passwordItems: row.password_items,
        exceptions: z.array(z.string()).catch([]).parse(parseJson(row.exceptions)),
        setAt: row.set_at,
      };
    },
    setProxy({ url, userName, passwordItems, exceptions, setAt }: StoredProxy): void {
      writeProxy.run({
        url,
        user_name: userName ?? null,
        password_items: passwordItems,
        exceptions: JSON.stringify(exceptions),
        set_at: setAt,
      });
    },
    removeProxy: (): void => void eraseProxy.run(),
    certificateFile: (): string | undefined => readFile.get()?.file,
    setCertificateFile: (file: string): void => void writeFile.run(file),
    removeCertificateFile: (): void => void eraseFile.run(),
  };
}
