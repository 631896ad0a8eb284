import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { BackgroundAction, BackgroundFacts } from '../../shared/model/background.ts';
import type { AgentEvent } from '../../shared/model/run-event.ts';
import { describeAsEach, ownedBy } from './testing/in-sandbox.ts';
import type { RunnerUnderTest } from './testing/runner-process.ts';
import { fakeAgent, startParams, type TestFolders } from './testing/session-params.ts';
import { withRunner } from './testing/set-up.ts';

const guard = { names: ['.envrc', '.vscode'], held: ['.envrc'], empty: [] };
/** Long against the time in which a process that is not stopped writes. */
const A_WHILE_MS = 300;
const TICKING = (file: string): string => `bash -c 'while :; do echo x >> ${file}; sleep 0.01; done'`;
const KEY = 'sk-proj-0123456789abcdefghijklmnop';

describeAsEach('what a turn leaves in the background, as', (identity) => {
  let runner: RunnerUnderTest;
  let folders: TestFolders;
  let sessionId: string;
  const at = (path: string): string => join(folders.project, path);
  const size = (path: string): number => statSync(at(path)).size;

  withRunner(
    async (own) => {
      ({ runner, folders } = own);
      ownedBy(identity, folders.root);
      const environment = { SECRET: KEY };
      const script = fakeAgent('leaving');
      const params = startParams({ folders, script, environment, secretNames: ['SECRET'], policy: { guard } });
      sessionId = params.sessionId;
      await runner.request('session.start', params);
    },
    { prefix: identity.prefix },
  );

  async function turn(prompt: string): Promise<Extract<AgentEvent, { type: 'background.left' }> | undefined> {
    const turnId = randomUUID();
    await runner.request('session.prompt', { sessionId, turnId, prompt });
    const events = runner.notifications.filter(({ name, params }) => name === 'turn.event' && params.turnId === turnId);
    return events.map(({ params }) => params.event as AgentEvent).find((event) => event.type === 'background.left');
  }
  const act = (action: BackgroundAction) => runner.request('session.background', { sessionId, act: action });
  const facts = (): BackgroundFacts => {
    const told = runner.notifications.filter(({ name }) => name === 'session.background');
    return told.at(-1)?.params as unknown as BackgroundFacts;
  };
  const grows = async (path: string): Promise<boolean> => {
    const before = size(path);
    await setTimeout(A_WHILE_MS);
    return size(path) > before;
  };

  it('is listed with its command, without the agent, its helpers and what has ended', async () => {
    expect(await turn('(true) & sleep 0.1')).toBeUndefined();
    const sleeping = `python3 -I -c 'import time; time.sleep(1000)' $'a\\u001b[2J' ${KEY}`;
    const left = await turn(`${sleeping} >/dev/null & ${TICKING('ticks')} >/dev/null & sleep 0.8`);
    expect(left?.state).toBe('paused');
    const commands = left?.processes.map(({ command }) => command).sort() ?? [];
    expect(commands).toHaveLength(2);
    expect(commands[0]).toMatch(/^bash -c 'while :/);
    expect(commands[1]).toContain('a\\u001b[2J');
    expect(JSON.stringify(left)).not.toContain(KEY);
    expect(facts()).toMatchObject({ state: 'paused', protected: ['.envrc'] });
    expect(await grows('ticks')).toBe(false);
  });

  it('runs on under protection, is paused, and is stopped', async () => {
    const left = await turn(`${TICKING('a')} >/dev/null & ${TICKING('b')} >/dev/null & sleep 0.1`);
    const [a, b] = left?.processes ?? [];
    expect(existsSync(at('.envrc'))).toBe(false);
    await act({ action: 'keep' });
    expect(facts().state).toBe('running');
    expect([await grows('a'), await grows('b')]).toEqual([true, true]);
    // The placeholder stands, and a deep one is set aside.
    expect(existsSync(at('.envrc'))).toBe(true);
    await act({ action: 'pause' });
    expect([facts().state, existsSync(at('.envrc'))]).toEqual(['paused', false]);
    expect([await grows('a'), await grows('b')]).toEqual([false, false]);
    const first = a?.command.includes('>> a') ? a : b;
    await act({ action: 'stop', processId: first?.processId ?? '' });
    expect(facts().processes.map(({ processId }) => processId)).toEqual([(first === a ? b : a)?.processId]);
    await expect(act({ action: 'stop', processId: first?.processId ?? '' })).rejects.toMatchObject({
      code: 'BACKGROUND_GONE',
    });
    const before = size('a');
    await act({ action: 'keep' });
    expect([await grows('a'), await grows('b')]).toEqual([false, true]);
    expect(size('a')).toBe(before);
    // Kept in the pause after the next turn as well, for as long as it lives.
    const next = await turn('true');
    expect(next?.state).toBe('running');
    expect(await grows('b')).toBe(true);
    const [rest] = next?.processes ?? [];
    await act({ action: 'stop', processId: rest?.processId ?? '' });
    expect(facts()).toMatchObject({ processes: [], state: 'paused' });
    expect(existsSync(at('.envrc'))).toBe(false);
    expect(await turn('true')).toBeUndefined();
  });

  it('lets nothing unprotected go on by its end: the rest of its process group', async () => {
    writeFileSync(at('group.py'), GROUP);
    const left = await turn('python3 -I -S group.py >/dev/null 2>&1 & while [ ! -s ticks ]; do sleep 0.02; done');
    const leader = left?.processes.find(({ command }) => command.includes('group.py leader'));
    const other = left?.processes.find(({ command }) => command.includes('group.py other'));
    expect(left?.processes).toHaveLength(2);
    await act({ action: 'stop', processId: leader?.processId ?? '' });
    expect(facts()).toMatchObject({ state: 'paused', processes: [{ processId: other?.processId }], found: [] });
    expect(await grows('ticks')).toBe(false);
    expect(readdirSync(folders.project).sort()).toEqual(['group.py', 'ticks']);
    expect(await turn('true')).toMatchObject({ processes: [{ processId: other?.processId }] });
  });

  it('that ends by itself leaves the list, and the folder is the user’s again', async () => {
    await turn('(while [ ! -e go ]; do sleep 0.02; done; mkdir -p sub/.vscode; touch done) >/dev/null & true');
    await act({ action: 'keep' });
    writeFileSync(at('go'), '');
    await runner.seen(({ name, params }) => name === 'session.background' && (params.processes as []).length === 0);
    expect(facts()).toMatchObject({ state: 'paused', found: [{ path: 'sub/.vscode', how: 'renamed' }] });
    expect(readdirSync(folders.project).sort()).toEqual(['done', 'go', 'sub']);
  });

  it('is not to be acted on while a turn runs', async () => {
    // A shell's child is its shell until it becomes the program, and is named so.
    const left = await turn('sleep 1000 >/dev/null & while [ "$(cat /proc/$!/comm)" != sleep ]; do sleep 0.02; done');
    const running = turn('touch ready; while [ ! -e go ]; do sleep 0.02; done');
    await expect.poll(() => existsSync(at('ready')), { timeout: 20_000 }).toBe(true);
    const [one] = left?.processes ?? [];
    await expect(act({ action: 'stop', processId: one?.processId ?? '' })).rejects.toMatchObject({
      code: 'BACKGROUND_IN_TURN',
    });
    writeFileSync(at('go'), '');
    expect((await running)?.processes).toEqual(left?.processes);
  });

  it('says which ports it listens on, also of a descendant', async () => {
    const serve =
      'python3 -I -c "import socket,time; s=socket.socket(); s.bind((chr(48),0)); s.listen(); open(chr(112),chr(119)).write(str(s.getsockname()[1])); time.sleep(1000)"';
    const left = await turn(`(sh -c '${serve}'; true) >/dev/null & while [ ! -s p ]; do sleep 0.02; done`);
    expect(left?.processes[0]?.ports).toEqual([Number(readFileSync(at('p'), 'utf8'))]);
    expect(facts().ownNetwork).toBe(true);
  });
});

/**
 * A leader of a session, and another process of a group in that session, whose own parent has ended. At the leader's end
 * the group is an orphan, and the kernel lets its stopped processes go on.
 */
const GROUP = `import os, signal, sys, time
def become(name): os.execv(sys.executable, [sys.executable, '-I', '-S', 'group.py', name])
if len(sys.argv) == 1:
    if os.fork(): os._exit(0)
    os.setsid()
    become('leader')
if sys.argv[1] == 'leader':
    if os.fork() == 0:
        os.setpgid(0, 0)
        if os.fork() == 0:
            if os.fork(): os._exit(0)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            become('other')
        time.sleep(1000)
    time.sleep(1000)
while True:
    open('ticks', 'a').write('x')
    try: os.mkdir('.envrc')
    except OSError: pass
    time.sleep(0.001)
`;
