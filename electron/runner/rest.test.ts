import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { AgentEvent } from '../../shared/model/run-event.ts';
import { identities, missing, ownedBy } from './testing/in-sandbox.ts';
import type { RunnerUnderTest } from './testing/runner-process.ts';
import { fakeAgent, startParams, type TestFolders } from './testing/session-params.ts';
import { withRunner } from './testing/set-up.ts';

if (missing !== undefined) console.warn(`skipped: ${missing}`);

const NAMES = ['.envrc', '.vscode', '.gitconfig', 'perch.toml'];
const guard = { names: NAMES, held: NAMES.slice(0, 3), empty: ['.env'] };
/** Long against the time in which a process that is not stopped writes. */
const A_WHILE_MS = 300;

describe.skipIf(missing !== undefined).each(identities)('between two turns, as $name', (identity) => {
  let runner: RunnerUnderTest;
  let folders: TestFolders;
  let sessionId: string;
  const at = (path: string): string => join(folders.project, path);
  const put = (path: string, text: string): void => {
    writeFileSync(at(path), text);
    ownedBy(identity, folders.root);
  };
  const read = (path: string): string => readFileSync(at(path), 'utf8');
  const seen = (): string[] => readdirSync(folders.project).sort();

  withRunner(
    (own) => {
      ({ runner, folders } = own);
    },
    { prefix: identity.prefix },
  );

  async function start(): Promise<void> {
    ownedBy(identity, folders.root);
    const params = startParams({ folders, script: fakeAgent('leaving'), policy: { guard } });
    sessionId = params.sessionId;
    await runner.request('session.start', params);
  }

  /** A turn, with what the agent said and what was set aside in it. */
  async function turn(prompt: string): Promise<{ pid: string; said: string; aside: string[] }> {
    const turnId = randomUUID();
    const result = await runner.request('session.prompt', { sessionId, turnId, prompt });
    expect(result.outcome).toBe('completed');
    const events = runner.notifications
      .filter(({ name, params }) => name === 'turn.event' && params.turnId === turnId)
      .map(({ params }) => params.event as AgentEvent);
    const text = events.map((event) => (event.type === 'agent.message' ? event.text : '')).join('');
    const aside = events.flatMap((event) => (event.type === 'file.guarded' ? [event.path] : []));
    const [, pid = '', said = ''] = /^(\d+): ([\s\S]*)$/.exec(text) ?? [];
    return { pid, said, aside };
  }

  it('nothing of it runs, nothing of Perch is there, and the same agent goes on', async () => {
    put('.env', 'SECRET=1');
    await start();
    const first = await turn('(while :; do echo x >> ticks; sleep 0.01; done) & ls -A; echo x > .envrc; cat .env');
    // Positive control: names are held free in the turn, and the one in the background was at work.
    expect(first.said.split('\n').filter(Boolean)).toEqual(expect.arrayContaining(['.envrc', '.gitconfig', '.vscode']));
    expect(first.said).not.toContain('SECRET');
    expect(seen()).toEqual(['.env', 'ticks']);
    const { size } = statSync(at('ticks'));
    await setTimeout(A_WHILE_MS);
    expect(statSync(at('ticks')).size).toBe(size);

    const second = await turn('sleep 0.3; ls -A; echo x > .vscode; echo x > .gitconfig/a; cat .env; echo end');
    expect(second.pid).toBe(first.pid);
    expect(second.said).toContain('.vscode');
    expect(second.said).not.toContain('SECRET');
    expect(statSync(at('ticks')).size).toBeGreaterThan(size);
    expect(seen()).toEqual(['.env', 'ticks']);
  });

  it('what the user makes, saves in any way, replaces and removes is the user’s, and is protected in the next turn', async () => {
    for (const name of NAMES) if (name !== '.vscode') put(name, `old ${name}`);
    await start();
    await turn('true');
    // In place; by rename; with a backup; made anew; a folder; and a secret.
    put('.envrc', 'mine');
    put('new', 'mine');
    renameSync(at('new'), at('perch.toml'));
    renameSync(at('.gitconfig'), at('.gitconfig~'));
    put('.gitconfig', 'mine');
    mkdirSync(at('.vscode'));
    put('.vscode/settings.json', 'mine');
    put('.env', 'SECRET=2');
    const before = seen();
    const attempts = ['.envrc', 'perch.toml', '.gitconfig', '.vscode/settings.json'];
    const tried = attempts.map((path) => `echo evil > ${path}; rm -rf ${path}; mv ${path} gone`).join('; ');
    const { aside, said } = await turn(`{ ${tried}; mv .vscode gone; } 2>/dev/null; cat .env; echo x > free; echo end`);
    expect(said).toBe('end\n');
    expect(aside).toEqual([]);
    expect(attempts.map(read)).toEqual(Array(4).fill('mine'));
    // `mv` copied what it could not move.
    expect(seen().filter((name) => name !== 'gone')).toEqual([...before, 'free'].sort());
    // What was there is taken away by the user, as a change of branches does it.
    for (const name of ['.envrc', '.vscode', 'perch.toml']) rmSync(at(name), { recursive: true });
    const third = await turn('echo evil > .envrc; mkdir sub; mkdir sub/.vscode; echo evil > perch.toml');
    expect(third.aside.sort()).toEqual(['perch.toml', 'sub/.vscode']);
    expect(seen()).toContain('perch.toml.quarantined');
    expect(existsSync(at('.envrc'))).toBe(false);
  });

  it('what the agent made is put back between turns alone, and is the user’s from then on', async () => {
    await start();
    expect((await turn('mkdir sub; echo made > sub/.envrc')).aside).toEqual(['sub/.envrc']);
    const made = runner.notifications.flatMap(({ params }) => {
      const event = params.event as AgentEvent | undefined;
      return event?.type === 'file.guarded' ? [event] : [];
    });
    const [file] = made;
    if (file?.aside === undefined || file.identity === undefined) throw new Error('it can be put back');
    const { path, aside, identity } = file;
    const own = { root: folders.project, path, aside, identity };
    expect(await runner.request('aside.look', { root: folders.project, path: aside })).toMatchObject({
      identity,
      entries: [{ kind: 'file', text: 'made\n' }],
    });
    const running = turn('echo x > ready; while [ ! -e go ]; do sleep 0.02; done');
    await expect.poll(() => existsSync(at('ready')), { timeout: 20_000 }).toBe(true);
    await expect(runner.request('aside.putBack', own)).rejects.toMatchObject({ code: 'ASIDE_BUSY' });
    put('go', '');
    await running;
    await runner.request('aside.putBack', own);
    expect((await turn('echo evil > sub/.envrc; rm -f sub/.envrc; true')).aside).toEqual([]);
    expect(readdirSync(at('sub'))).toEqual(['.envrc']);
    expect(read('sub/.envrc')).toBe('made\n');
  });

  it('what the user puts into a folder that keeps a name free stays, and is an ordinary folder', async () => {
    await start();
    const done = turn('echo ready > ready; while [ ! -e go ]; do sleep 0.02; done; echo x > .vscode/evil');
    await expect.poll(() => existsSync(at('ready')), { timeout: 20_000 }).toBe(true);
    put('.vscode/settings.json', 'mine');
    put('go', '');
    expect((await done).aside).toEqual([]);
    expect(readdirSync(at('.vscode'))).toEqual(['settings.json']);
    expect(statSync(at('.vscode')).mode & 0o7777).toBe(0o755);
    expect((await turn('echo x > .vscode/settings.json')).aside).toEqual([]);
    expect(read('.vscode/settings.json')).toBe('mine');
  });

  it('what the user saves in the middle of a turn is the user’s, and is protected again', async () => {
    for (const name of ['.envrc', 'perch.toml']) put(name, 'old');
    await start();
    const wait = (name: string): string => `while [ ! -e ${name} ]; do sleep 0.02; done`;
    const attack = 'for f in .envrc perch.toml .gitconfig; do echo evil > $f; rm -rf $f; done 2>/dev/null';
    const done = turn(`echo x > ready; ${wait('go')}; ${attack}; echo end`);
    await expect.poll(() => existsSync(at('ready')), { timeout: 20_000 }).toBe(true);
    const save = (name: string): void => {
      writeFileSync(at(name), 'mine');
      chownSync(at(name), identity.uid, identity.uid);
    };
    // By rename; with a backup; and as a change of branches makes a file in the place of an empty folder.
    save('new');
    renameSync(at('new'), at('.envrc'));
    renameSync(at('perch.toml'), at('perch.toml~'));
    save('perch.toml');
    rmSync(at('.gitconfig'), { recursive: true });
    save('.gitconfig');
    const inside = Number(insideOf(folders.project)[0]);
    const isProtected = (name: string): boolean =>
      readFileSync(`/proc/${inside}/mountinfo`, 'utf8').includes(` ${at(name)} ro,`) &&
      readFileSync(`/proc/${inside}/root${at(name)}`, 'utf8') === 'mine';
    await expect.poll(() => ['.envrc', 'perch.toml', '.gitconfig'].every(isProtected), { timeout: 20_000 }).toBe(true);
    put('go', '');
    const { aside, said } = await done;
    expect(said).toBe('end\n');
    expect(['.envrc', 'perch.toml', '.gitconfig'].map(read)).toEqual(['mine', 'mine', 'mine']);
    expect(seen().filter((name) => name.includes('quarantined'))).toEqual([]);
    // A rename is one step: nothing was written in the moment without protection. Of the others that cannot be told.
    expect(aside).not.toContain('.envrc');
    for (const name of aside) expect(['perch.toml', '.gitconfig']).toContain(name);
  });

  it('what comes where the user took something away in the turn is never renamed: the user is asked', async () => {
    for (const name of ['perch.toml', 'sub/.envrc', 'sub/.vscode']) {
      mkdirSync(dirname(at(name)), { recursive: true });
      put(name, 'old');
    }
    await start();
    const gone = (name: string): string => `while [ -e ${name} ]; do sleep 0.02; done`;
    const again = 'echo more >> sub/.envrc; rm -f sub/.envrc sub/.vscode';
    const plant = `${gone('sub/.envrc')}; sleep 0.5; echo planted > sub/.envrc; ln -s /tmp sub/.vscode`;
    const wait = 'echo x > ready; while [ ! -e go ]; do sleep 0.02; done';
    const done = turn(`echo x > begun; ${plant}; ${wait}; { ${again}; } 2>/dev/null; echo end`);
    await expect.poll(() => existsSync(at('begun')), { timeout: 20_000 }).toBe(true);
    for (const name of ['perch.toml', 'sub/.vscode', 'sub/.envrc']) rmSync(at(name));
    await expect.poll(() => existsSync(at('ready')), { timeout: 20_000 }).toBe(true);
    // Long after the look at the empty place, as a slow editor or a change of branches.
    put('perch.toml', 'mine');
    const isAsked = (path: string): boolean =>
      runner.notifications.some(({ params }) => {
        const event = params.event as AgentEvent | undefined;
        return event?.type === 'file.guarded' && event.path === path && event.how === 'unclear';
      });
    const all = ['perch.toml', 'sub/.envrc', 'sub/.vscode'];
    await expect.poll(() => all.every(isAsked), { timeout: 20_000 }).toBe(true);
    put('go', '');
    const { aside, said } = await done;
    expect(said).toBe('end\n');
    expect([...new Set(aside)].sort()).toEqual(all);
    expect(read('perch.toml')).toBe('mine');
    expect(read('sub/.envrc')).toBe('planted\n');
    expect(seen()).not.toContain('perch.toml.quarantined');
  });

  it('what the user saves again and again in the middle of a turn ends no session', async () => {
    put('perch.toml', 'old');
    await start();
    const done = turn('echo x > ready; while [ ! -e go ]; do sleep 0.02; done; echo evil > perch.toml; echo end');
    await expect.poll(() => existsSync(at('ready')), { timeout: 20_000 }).toBe(true);
    for (let time = 0; time < 60; time += 1) {
      renameSync(at('perch.toml'), at('perch.toml~'));
      // In between there is no such file, for as long as each step of protecting it again takes.
      if (time % 2 === 1) await setTimeout(time % 20);
      for (let part = 0; part < 5; part += 1) writeFileSync(at('perch.toml'), 'mine', { flag: 'a' });
      chownSync(at('perch.toml'), identity.uid, identity.uid);
      await setTimeout(time % 7);
    }
    put('go', '');
    expect((await done).said).toBe('end\n');
  });

  it('nothing outruns it: processes that replace themselves by new ones all the time', async () => {
    await start();
    const hop = `import os
while True:
    open('hops', 'a').write('x')
    if os.fork(): os._exit(0)`;
    put('hop.py', hop);
    const made =
      'for i in 1 2 3; do (while :; do (:) & wait; done) & (setsid python3 -I -S hop.py &) ; done; sleep 0.5; echo end';
    await turn(`exec 2>/dev/null; ${made}`);
    const { size } = statSync(at('hops'));
    expect(size).toBeGreaterThan(0);
    await setTimeout(A_WHILE_MS);
    expect(statSync(at('hops')).size).toBe(size);
  });

  it('nothing that was prepared lets a stopped process go on', async () => {
    await start();
    put('timer.py', TIMER);
    // Positive control: outside, the timer lets a stopped process go on.
    const control = spawn('python3', ['-I', '-S', at('timer.py'), at('control')], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(control.stdout, 'data');
    control.kill('SIGSTOP');
    await expect
      .poll(() => existsSync(at('control')) && read('control').length, { timeout: 20_000 })
      .toBeGreaterThan(3);
    control.kill('SIGKILL');
    const { said } = await turn('python3 -I -S timer.py inside 2>&1 & sleep 1; echo end');
    expect(said).toContain('errno 38');
    const size = existsSync(at('inside')) ? read('inside').length : 0;
    await setTimeout(A_WHILE_MS);
    expect(existsSync(at('inside')) ? read('inside').length : 0).toBe(size);
  });

  it('somebody who was at work all the same ends the session, and what came is set aside', async () => {
    await start();
    await turn(
      'echo $$ > /tmp/x; (while [ ! -e go ]; do sleep 0.02; done; echo evil > perch.toml; sleep 100) & echo end',
    );
    put('go', '');
    letGoOn(folders.project);
    await expect.poll(() => existsSync(at('perch.toml')), { timeout: 20_000 }).toBe(true);
    const again = { sessionId, turnId: randomUUID(), prompt: 'true' };
    await expect(runner.request('session.prompt', again)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(seen()).toEqual(['go', 'perch.toml.quarantined']);
  });

  it('a session that ends while it rests leaves the user’s files alone, however it ends', async () => {
    await start();
    await turn('sleep 100 & echo end');
    put('perch.toml', 'mine');
    symlinkSync('elsewhere', at('.envrc'));
    const shown: string[] = [];
    const watcher = watch(folders.project, (_, name) => shown.push(String(name)));
    await runner.request('session.close', { sessionId });
    // It went politely, could write at home alone, and nothing came and went in the folder meanwhile.
    expect(readFileSync(join(folders.state, 'last-words'), 'utf8')).toBe('EROFS');
    put('after', '');
    await expect.poll(() => shown.includes('after')).toBe(true);
    const own = ['after', '.envrc', 'perch.toml', 'project'];
    expect(shown.filter((name) => !own.includes(name))).toEqual([]);
    for (const name of ['after', 'perch.toml']) rmSync(at(name));
    expect(seen()).toEqual(['.envrc']);
    await start();
    // Positive control: a name that is held free is seen.
    await expect.poll(() => shown.includes('.gitconfig')).toBe(true);
    watcher.close();
    await turn('sleep 100 & echo end');
    put('.vscode', 'mine');
    runner.process.stdin?.end();
    await runner.exited;
    expect(seen()).toEqual(['.envrc', '.vscode']);
  });
});

/** From outside, which no process of a session can do to itself. */
function letGoOn(folder: string): void {
  for (const pid of insideOf(folder)) process.kill(Number(pid), 'SIGCONT');
}

/** The processes that work in a folder. */
function insideOf(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`) === folder;
    } catch {
      return false;
    }
  });
}

/** Orders SIGCONT for itself ten times a second, and writes for as long as it is let. */
const TIMER = `import ctypes, os, platform, struct, sys, time
c = ctypes.CDLL(None, use_errno=True)
create, settime = (222, 223) if platform.machine() == 'x86_64' else (107, 110)
event = ctypes.create_string_buffer(struct.pack('Qii48x', 0, 18, 0))
timer = ctypes.c_int()
if c.syscall(create, 0, event, ctypes.byref(timer)) != 0: print('errno', ctypes.get_errno(), flush=True)
c.syscall(settime, timer, 0, ctypes.create_string_buffer(struct.pack('qqqq', 0, 100000000, 0, 100000000)), None)
print('armed', flush=True)
while True:
    open(sys.argv[1], 'a').write('x')
    time.sleep(0.01)
`;
