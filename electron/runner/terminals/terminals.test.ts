import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunnerParams } from '../../../shared/runner-protocol/protocol.ts';
import type { TerminalExit } from '../../../shared/runner-protocol/terminals.ts';
import { nodeExecutable } from '../testing/checkout.ts';
import type { RunnerUnderTest } from '../testing/runner-process.ts';
import { startParams, type TestFolders } from '../testing/session-params.ts';
import { withRunner } from '../testing/set-up.ts';

let runner: RunnerUnderTest;
let folders: TestFolders;
withRunner((own) => {
  ({ runner, folders } = own);
});

interface Opened {
  readonly terminalId: string;
  readonly text: () => string;
  until(part: string): Promise<string>;
  exit(): Promise<TerminalExit>;
}

/** A JavaScript program in a terminal, in the project's folder. */
async function open(source: string, more: Partial<RunnerParams<'terminal.start'>> = {}): Promise<Opened> {
  const script = join(folders.project, 'program.mjs');
  writeFileSync(script, source);
  const off = more.policy?.enforcement === 'off';
  const session = startParams({ folders, script, policy: off ? { enforcement: 'off' } : {} });
  const terminalId = randomUUID();
  await runner.request('terminal.start', {
    terminalId,
    command: nodeExecutable,
    args: [script],
    stateFiles: [],
    environment: session.environment,
    workingDirectory: folders.project,
    size: { columns: 400, rows: 40 },
    ...more,
    policy: session.policy,
  });
  let text = '';
  let ended: TerminalExit | undefined;
  const read = async () => {
    const { output, exit } = await runner.request('terminal.read', { terminalId });
    text += output;
    ended = exit;
  };
  return {
    terminalId,
    text: () => text,
    async until(part) {
      while (!text.includes(part)) {
        if (ended !== undefined) throw new Error(`it ended without saying ${part}: ${text}`);
        await read();
      }
      return text;
    },
    async exit() {
      while (ended === undefined) await read();
      return ended;
    },
  };
}

const OFF = { policy: { enforcement: 'off' } as RunnerParams<'terminal.start'>['policy'] };
const WORLDS = [
  ['in the sandbox', {}],
  ['without a sandbox', OFF],
] as const;

describe.each(WORLDS)('a program in a terminal, %s', (_name, world) => {
  it('has a terminal on all sides, the width that was asked for, and a controlling one', async () => {
    const terminal = await open(
      `import { openSync } from 'node:fs';
       openSync('/dev/tty', 'r+');
       console.log(['tty', process.stdin.isTTY, process.stdout.isTTY, process.stderr.isTTY, process.stdout.columns].join(' '));`,
      world,
    );
    expect(await terminal.exit()).toEqual({ exitCode: 0 });
    expect(terminal.text()).toContain('tty true true true 400');
  });

  it('hears of a new size, and gets what is typed key by key', async () => {
    const terminal = await open(
      `process.stdin.setRawMode(true);
       process.stdout.on('resize', () => console.log(['now', process.stdout.columns, process.stdout.rows].join(' ')));
       process.stdin.on('data', (keys) => {
         console.log('keys ' + JSON.stringify(String(keys)));
         if (String(keys) === 'q') process.exit(7);
       });
       console.log('ready');`,
      world,
    );
    const { terminalId } = terminal;
    await terminal.until('ready');
    await runner.request('terminal.resize', { terminalId, size: { columns: 500, rows: 50 } });
    await terminal.until('now 500 50');
    await runner.request('terminal.write', { terminalId, data: '\u001b[A' });
    await terminal.until('keys "\\u001b[A"');
    await runner.request('terminal.write', { terminalId, data: 'q' });
    expect(await terminal.exit()).toEqual({ exitCode: 7 });
  });

  it('is ended with all that it started, also what ignores every polite signal', async () => {
    const marker = `perch-terminal-${randomUUID()}`;
    const terminal = await open(
      `import { spawn } from 'node:child_process';
       process.on('SIGHUP', () => {}).on('SIGTERM', () => {});
       const child = spawn(process.execPath, ['-e', "process.on('SIGHUP',()=>{}).on('SIGTERM',()=>{});console.log('up');setInterval(()=>{},1e6)", '${marker}'], { stdio: 'inherit' });
       setInterval(() => {}, 1e6);`,
      world,
    );
    await terminal.until('up');
    expect(processesWith(marker)).toHaveLength(1);
    await runner.request('terminal.close', { terminalId: terminal.terminalId });
    expect(processesWith(marker)).toEqual([]);
  });

  it('gets its environment and nothing of the runner’s, and leaves no file behind', async () => {
    const terminal = await open('console.log(JSON.stringify(process.env) + ".");', world);
    await terminal.exit();
    const text = terminal.text();
    const environment = JSON.parse(text.slice(0, text.lastIndexOf('.'))) as Record<string, string>;
    const { RUNNER_OWN_VARIABLE, TERM, ...rest } = environment;
    expect(RUNNER_OWN_VARIABLE).toBeUndefined();
    expect(TERM).toBe('xterm-256color');
    expect(Object.keys(rest).sort()).toEqual(expect.arrayContaining(['HOME', 'LANG', 'PATH']));
    const shells = ['HOME', 'LANG', 'OLDPWD', 'PATH', 'PWD', 'SHLVL', '_'];
    expect(Object.keys(rest).filter((name) => !shells.includes(name))).toEqual([]);
    expect(ownFiles()).toEqual([]);
  });
});

it('holds a program back that nobody reads, and loses nothing of what it wrote', async () => {
  const terminal = await open(
    `const line = 'x'.repeat(99) + '\\n';
     for (let n = 0; n < 40_000; n++) if (!process.stdout.write(line)) await new Promise((r) => process.stdout.once('drain', r));
     console.log('done');`,
    OFF,
  );
  await terminal.exit();
  const text = terminal.text();
  expect(text.match(/x{99}\r\n/g)).toHaveLength(40_000);
  expect(text.trimEnd().endsWith('done')).toBe(true);
});

it('refuses a reserved variable, a second reader and an unknown terminal', async () => {
  const session = startParams({ folders, script: '', policy: { enforcement: 'off' } });
  const refused = open('', { ...OFF, environment: { ...session.environment, LD_PRELOAD: '/x' } });
  await expect(refused).rejects.toMatchObject({ code: 'VARIABLE_RESERVED' });
  const { terminalId } = await open('setInterval(() => {}, 1e6)', OFF);
  runner.request('terminal.read', { terminalId }).catch(() => {}); // still open when the test ends
  await expect(runner.request('terminal.read', { terminalId })).rejects.toMatchObject({ code: 'INVALID_PARAMS' });
  await expect(runner.request('terminal.write', { terminalId: randomUUID(), data: '' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

it('takes its terminals down with it', async () => {
  const marker = `perch-terminal-${randomUUID()}`;
  const terminal = await open(
    `import { spawn } from 'node:child_process';
     spawn(process.execPath, ['-e', "console.log('up');setInterval(()=>{},1e6)", '${marker}'], { stdio: 'inherit' });`,
  );
  await terminal.until('up');
  expect(processesWith(marker)).toHaveLength(1);
  await runner.request('runner.shutdown', {});
  await runner.exited;
  expect(processesWith(marker)).toEqual([]);
});

/** Ids of the processes, in any namespace, that have the text among their arguments as a whole. */
function processesWith(argument: string): string[] {
  return readdirSync('/proc').filter((id) => {
    if (!/^\d+$/.test(id)) return false;
    try {
      return readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0').includes(argument);
    } catch {
      return false;
    }
  });
}

/** Of this test alone: others start terminals at the same time. A sandbox's options name the project. */
function ownFiles(): string[] {
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith('perch-terminal-'))
    .filter((name) => {
      try {
        const files = readdirSync(join(tmpdir(), name)).map((file) => join(tmpdir(), name, file));
        // Not its pipes: reading them takes what is in them.
        return files.some((file) => statSync(file).isFile() && readFileSync(file).includes(folders.project));
      } catch {
        return false;
      }
    });
}
