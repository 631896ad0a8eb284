import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Command, FromFake, Record } from './records.ts';

/** The main program, running against the fake. */
export interface FakeElectron {
  readonly records: readonly Record[];
  /** Rejects with the message of whatever the program threw at it. */
  do<T = unknown>(command: Command): Promise<T>;
  /** The first record that fits, also one from before. Rejects when the program ends without it. */
  until(what: string, fits?: (detail: unknown) => boolean): Promise<Record>;
  /** Resolves with the exit code. */
  readonly exited: Promise<number | null>;
  readonly stderr: () => string;
  readonly process: ChildProcess;
  kill(): Promise<void>;
}

/** @param options.environment all that the program gets, besides what names the fake's own settings */
export function launchFakeElectron(options: {
  appDir: string;
  environment: Readonly<{ [name: string]: string }>;
  lock?: 'free' | 'taken';
}): FakeElectron {
  const { appDir, environment, lock = 'free' } = options;
  const register = join(import.meta.dirname, 'register.ts');
  const child = spawn(
    process.execPath,
    ['--import', register, join(import.meta.dirname, 'run.ts'), join(appDir, 'dist', 'main.mjs')],
    {
      env: { ...environment, FAKE_ELECTRON_APP_DIR: appDir, FAKE_ELECTRON_LOCK: lock },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    },
  );
  const records: Record[] = [];
  const open = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>();
  const watchers = new Set<() => void>();
  let stderr = '';
  let nextId = 0;
  let ended = false;

  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.on('message', (message: FromFake) => {
    if (message.kind === 'record') {
      records.push(message.record);
      for (const look of [...watchers]) look();
      return;
    }
    const waiting = open.get(message.id);
    open.delete(message.id);
    if (message.kind === 'answer') waiting?.resolve(message.result as never);
    else waiting?.reject(new Error(message.message));
  });
  const exited = once(child, 'close').then(([code]) => {
    ended = true;
    for (const { reject } of open.values()) reject(new Error(`the program ended: ${stderr}`));
    for (const look of [...watchers]) look();
    return code as number | null;
  });

  return {
    records,
    exited,
    stderr: () => stderr,
    process: child,
    do<T>(command: Command) {
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      open.set(++nextId, { resolve, reject });
      child.send({ id: nextId, command });
      return promise;
    },
    until(what, fits = () => true) {
      const { promise, resolve, reject } = Promise.withResolvers<Record>();
      const look = () => {
        const found = records.find((record) => record.what === what && fits(record.detail));
        if (found === undefined && !ended) return;
        watchers.delete(look);
        if (found !== undefined) resolve(found);
        else reject(new Error(`the program ended without ${what}: ${stderr}`));
      };
      watchers.add(look);
      look();
      return promise;
    },
    async kill() {
      if (!ended) child.kill('SIGKILL');
      await exited;
    },
  };
}
