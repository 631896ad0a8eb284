import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeAsEach, ownedBy } from './testing/in-sandbox.ts';
import { type RunnerUnderTest, startRunnerAs } from './testing/runner-process.ts';
import { demoAgent, fakeAgent, startParams, type TestFolders } from './testing/session-params.ts';
import { withRunner } from './testing/set-up.ts';

/** Command lines of all processes that hold the mark, by the only thing that knows: the kernel. */
function processesWith(mark: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return line.includes(mark) ? [`${pid} ${line}`] : [];
      } catch {
        return [];
      }
    });
}

describeAsEach('no process stays: the runner as', (identity) => {
  let runner: RunnerUnderTest;
  let folders: TestFolders;
  let mark: string;

  withRunner(
    (own) => {
      ({ runner, folders } = own);
      ownedBy(identity, folders.root);
      mark = randomUUID();
    },
    { prefix: identity.prefix },
  );

  /** A session of the agent that ignores everything, with its daemon running. */
  async function unkillable(): Promise<string> {
    const script = fakeAgent('unkillable');
    // It never stops by itself: how long it is asked to is not what is tried here.
    const limits = { start: 20_000, silence: 0, stop: 400 };
    const params = startParams({ folders, script, launch: { args: [script, mark], limits } });
    await runner.request('session.start', params);
    const turnId = randomUUID();
    const prompt = runner.request('session.prompt', { sessionId: params.sessionId, turnId, prompt: 'go' });
    prompt.catch(() => undefined);
    await Promise.race([runner.seen(({ params: seen }) => seen.turnId === turnId), prompt]);
    // Positive control: bubblewrap's two, the agent, and the daemon it left behind.
    expect(processesWith(mark).length).toBeGreaterThanOrEqual(3);
    expect(processesWith(mark).some((line) => line.includes(' -e '))).toBe(true);
    return params.sessionId;
  }

  it('after a close', async () => {
    const sessionId = await unkillable();
    await runner.request('session.close', { sessionId });
    expect(processesWith(mark)).toEqual([]);
  });

  it('after a shutdown', async () => {
    await unkillable();
    await runner.request('runner.shutdown', {});
    expect(processesWith(mark)).toEqual([]);
    expect(await runner.exited).toBe(0);
  });

  it('after the core died', async () => {
    await unkillable();
    runner.process.stdin?.destroy();
    expect(await runner.exited).toBe(0);
    expect(processesWith(mark)).toEqual([]);
  });

  it('after SIGKILL of the runner', async () => {
    await unkillable();
    runner.process.kill('SIGKILL');
    await runner.exited;
    // The kernel ends the rest by itself; nobody is left who could say when.
    await expect.poll(() => processesWith(mark), { timeout: 5_000, interval: 20 }).toEqual([]);
  });

  it.each(process.env.PERCH_LONG === '1' ? [1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 5] : [1, 2, 3, 4, 5])(
    'after SIGKILL of the runner while the sandbox is being set up, at %i processes',
    async (stage) => {
      const script = fakeAgent('unkillable');
      const params = startParams({ folders, script, launch: { args: [script, mark] } });
      let refusal: unknown;
      runner.request('session.start', params).catch((error: unknown) => {
        refusal = error;
      });
      // No waiting in between: the moment is over within milliseconds.
      while (processesWith(mark).length < stage) {
        if (refusal !== undefined) throw refusal;
        await new Promise((resolve) => setImmediate(resolve));
      }
      runner.process.kill('SIGKILL');
      await runner.exited;
      await expect.poll(() => processesWith(mark), { timeout: 10_000, interval: 20 }).toEqual([]);
    },
  );

  it('nor does what held names free in the working directory, once another runner looks', async () => {
    const guard = { names: ['.envrc'], held: ['.envrc'], empty: [] };
    const params = startParams({ folders, script: fakeAgent('unkillable'), policy: { guard } });
    await runner.request('session.start', params);
    expect(readdirSync(folders.project)).toContain('.envrc');
    runner.process.kill('SIGKILL');
    await runner.exited;
    const next = startRunnerAs(identity.prefix);
    await expect
      .poll(
        async () => {
          await next.request('sandbox.check', { records: params.policy.records });
          return readdirSync(folders.project);
        },
        { timeout: 10_000 },
      )
      .not.toContain('.envrc');
    next.peer.close();
    await next.exited;
  });
});

describe('a session without a sandbox, by choice', () => {
  let runner: RunnerUnderTest;
  let folders: TestFolders;
  withRunner((own) => {
    ({ runner, folders } = own);
  });

  it('says so, runs, and ends with its runner', async () => {
    const mark = randomUUID();
    const launch = { args: [fakeAgent('silent'), mark] };
    const limits = { start: 20_000, silence: 0, stop: 400 };
    const demo = startParams({ folders, script: demoAgent, policy: { enforcement: 'off' } });
    const started = await runner.request('session.start', demo);
    expect(started.sandbox).toEqual({ state: 'off' });
    const stubborn = startParams({
      folders,
      script: '',
      launch: { ...launch, limits },
      policy: { enforcement: 'off' },
    });
    runner.request('session.start', stubborn).catch(() => undefined);
    // Not before the agent itself runs: the kernel knows of the bond only then.
    await runner.seen(({ params }) => params.message === 'silent');
    expect(processesWith(mark)).toHaveLength(1);
    runner.process.kill('SIGKILL');
    await runner.exited;
    await expect.poll(() => processesWith(mark), { timeout: 5_000, interval: 20 }).toEqual([]);
  });

  it('is stopped firmly when it does not listen', async () => {
    const script = fakeAgent('unkillable');
    const mark = randomUUID();
    const limits = { start: 20_000, silence: 0, stop: 400 };
    const params = startParams({
      folders,
      script,
      launch: { args: [script, mark], limits },
      policy: { enforcement: 'off' },
    });
    await runner.request('session.start', params);
    await runner.request('session.close', { sessionId: params.sessionId });
    expect(processesWith(mark).filter((line) => !line.includes(' -e '))).toEqual([]);
    // What it hid from its process group only a sandbox could have ended: a namespace has no way out.
    for (const line of processesWith(mark)) process.kill(Number(line.split(' ')[0]), 'SIGKILL');
  });
});

describe('secrets of a session', () => {
  let runner: RunnerUnderTest;
  let folders: TestFolders;
  withRunner((own) => {
    ({ runner, folders } = own);
  });

  it('are in no command line of this machine, while its environment has them', async () => {
    const secret = `perch-test-${randomUUID()}`;
    const options = { environment: { SOME_KEY: secret }, secretNames: ['SOME_KEY'] };
    const params = startParams({ folders, script: demoAgent, ...options });
    const { pid } = await runner.request('session.start', params);
    expect(processesWith(secret)).toEqual([]);
    expect(processesWith(demoAgent)).not.toEqual([]);
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toContain(secret);
    expect(readFileSync(`/proc/${runner.process.pid}/environ`, 'utf8')).not.toContain(secret);
    const turnId = randomUUID();
    await runner.request('session.prompt', { sessionId: params.sessionId, turnId, prompt: '/env' });
    const said = JSON.stringify(runner.notifications);
    expect(said).toContain('SOME_KEY');
    expect(said).not.toContain('RUNNER_OWN_VARIABLE');
  });
});
