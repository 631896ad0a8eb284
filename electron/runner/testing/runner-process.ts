import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Peer } from '../../../shared/json-rpc/peer.ts';
import { createPeer } from '../../../shared/json-rpc/peer.ts';
import type { RunnerMethodName, RunnerParams, RunnerResult } from '../../../shared/runner-protocol/protocol.ts';
import { createStdioCarrier } from '../carriers/stdio.ts';
import { checkout, nodeExecutable } from './checkout.ts';

interface Notification {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A real runner process for tests, with the protocol on its stdio. */
export interface RunnerUnderTest {
  readonly process: ChildProcess;
  readonly peer: Peer;
  readonly notifications: readonly Notification[];
  request<M extends RunnerMethodName>(method: M, params: RunnerParams<M>): Promise<RunnerResult<M>>;
  /** The first notification, past or future, for which the predicate holds. */
  seen(predicate: (notification: Notification) => boolean): Promise<Notification>;
  /** What it wrote to stderr: nothing, when all is well. */
  readonly stderr: () => string;
  readonly exited: Promise<number | null>;
}

/** Bundled before the tests start (`scripts/lib/test-programs.mjs`). */
export const runnerFile = join(checkout, 'out/test-programs/runner.mjs');

/** Starts one as the user that these words in front of its command make it. */
export function startRunnerAs([command, ...prefix]: readonly string[]): RunnerUnderTest {
  return startRunner(command === undefined ? {} : { command, args: [...prefix, nodeExecutable, runnerFile] });
}

export function startRunner(options: { command?: string; prefix?: string[]; args?: string[] } = {}): RunnerUnderTest {
  const child = spawn(
    options.command ?? nodeExecutable,
    [...(options.prefix ?? []), ...(options.args ?? [runnerFile])],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: '/usr/bin:/bin', RUNNER_OWN_VARIABLE: 'must not reach an agent' },
    },
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => undefined);
  const notifications: Notification[] = [];
  const waiting = new Set<() => void>();
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
    child.once('error', () => resolve(null));
  });
  const peer = createPeer({
    carrier: createStdioCarrier(child.stdout, child.stdin),
    onRequest: () => Promise.reject(new Error('the runner asks nothing')),
    onNotification(name, params) {
      notifications.push({ name, params: params as Notification['params'] });
      for (const look of [...waiting]) look();
    },
  });
  return {
    process: child,
    peer,
    notifications,
    request: (method, params) => peer.request(method, params) as Promise<never>,
    seen: (predicate) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = notifications.find(predicate);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
        // Otherwise a test would wait for its own time limit, and not know why.
        void exited.then((code) => reject(new Error(`the runner ended with ${code} before that: ${stderr}`)));
      }),
    stderr: () => stderr,
    exited,
  };
}
