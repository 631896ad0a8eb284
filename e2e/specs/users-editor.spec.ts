import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type FakeProvider, startFakeProvider } from '../fake-providers/server.ts';
import { type CoreClient, connectCore, type FinishedTurn } from '../fixtures/core-client.ts';
import { agentsOnPath, createInstallation, type Installation, type Served } from '../fixtures/installation.ts';
import { hasKeyring, keyringPrograms } from '../fixtures/keyring.ts';
import { LONG, ofLongForm } from '../fixtures/long.ts';

const KEY = 'sk-ant-users-editor-good';
const LIMIT_MS = 30_000;
/** Guarded names in the ways that a project has them: the user's own from the beginning. */
const FILES = ['.envrc', 'perch.toml', '.gitconfig', '.vscode/settings.json'] as const;
/** A comment and nothing else: also as a `perch.toml` and as settings of VS Code it can be read. */
const textOf = (mark: string, file: string): string =>
  file === '.envrc' ? `export MARK=${mark}\n` : file.endsWith('.json') ? `{ "mark": "${mark}" }\n` : `# ${mark}\n`;

/** Each saves standard input as `$1`, as editors do it. */
const SAVES = {
  'in place': 'cat > "$1"',
  'by rename': 'cat > "$1.new" && mv -f "$1.new" "$1"',
  'with a backup': 'mv -f "$1" "$1~" && cat > "$1" && rm "$1~"',
} as const;

/** Without the user's own settings, as an editor of a machine that has none. */
const VIM = ['-Nu', 'NONE', '-i', 'NONE', '-n', '-es'];
const hasProgram = (name: string): boolean => spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined;

let provider: FakeProvider;
let installation: Installation;
let served: Served;
let core: CoreClient;

test.describe('a user at work in the same folder', () => {
  test.describe.configure({ mode: 'serial', timeout: 180_000 });
  test.skip(!existsSync(join(agentsOnPath, 'claude')), 'claude is not installed below e2e/agents');
  test.skip(!hasKeyring, `needs ${keyringPrograms.join(' and ')}`);
  test.skip(process.platform !== 'linux', 'looks at mounts in /proc');

  test.beforeAll(async () => {
    provider = await startFakeProvider({ goodKeys: [KEY], knownWord: 'PINEAPPLE' });
    installation = await createInstallation({ keyring: 'unlocked', withAgents: true });
    served = await installation.serve();
    core = await connectCore(installation.dataDir);
    await core.client.call('providers.setBaseUrl', { providerId: 'anthropic', baseUrl: provider.url });
    await core.client.call('credentials.set', {
      providerId: 'anthropic',
      scope: { kind: 'global' },
      value: KEY,
      storage: 'keychain',
    });
    for (const file of FILES) put(file, textOf('first', file));
    git('init', '-q', '-b', 'main');
    git('add', '-A');
    git('commit', '-qm', 'first');
    git('checkout', '-qb', 'other');
    for (const file of FILES) put(file, textOf('other', file));
    git('commit', '-qam', 'other');
    git('checkout', '-q', 'main');
  });
  test.afterAll(async () => {
    core?.close();
    await served?.stop();
    await installation?.dispose();
    await provider?.close();
  });

  const at = (name: string): string => join(installation.projectDir, name);
  const read = (name: string): string => readFileSync(at(name), 'utf8');
  function put(name: string, text: string): void {
    mkdirSync(dirname(at(name)), { recursive: true });
    writeFileSync(at(name), text);
  }

  /** Runs a program of the user's, which must succeed without a word of complaint. */
  function run(command: string, args: readonly string[], input = ''): string {
    const { home, projectDir, environment } = installation;
    const env = { PATH: environment.PATH, HOME: home, GIT_CONFIG_GLOBAL: '/dev/null', LANG: 'C.UTF-8' };
    const done = spawnSync(command, args, { cwd: projectDir, env, input, encoding: 'utf8' });
    expect([done.status, done.stderr], `${command} ${args.join(' ')}`).toEqual([0, '']);
    return done.stdout;
  }
  const git = (...args: string[]): string => run('git', ['-c', 'user.name=U', '-c', 'user.email=u@localhost', ...args]);

  function saved(how: keyof typeof SAVES, file: string, mark: string): void {
    run('sh', ['-c', SAVES[how], 'sh', file], textOf(mark, file));
    expect(read(file)).toBe(textOf(mark, file));
  }

  /** The values that a shell gets that loads `.envrc`: with direnv, else with a shell that reads it. */
  function loaded(): string {
    if (!hasProgram('direnv')) return run('sh', ['-c', '. ./.envrc; printf %s "$MARK"']);
    execFileSync('direnv', ['allow', '.'], {
      cwd: installation.projectDir,
      env: { ...installation.environment },
      stdio: 'ignore',
    });
    const { stdout, stderr } = spawnSync('direnv', ['exec', '.', 'sh', '-c', 'printf %s "$MARK"'], {
      cwd: installation.projectDir,
      env: { ...installation.environment },
      encoding: 'utf8',
    });
    // What it says tells why it loaded nothing.
    return stdout === '' ? stderr : stdout;
  }

  /** Some minutes of a user's work, and what is to be there afterwards. */
  function work(mark: string): void {
    for (const how of Object.keys(SAVES) as (keyof typeof SAVES)[])
      for (const file of FILES) saved(how, file, `${mark}-${how.replaceAll(' ', '-')}`);
    if (hasProgram('vim'))
      for (const copy of ['yes', 'no', 'auto']) {
        const line = `${mark}-vim-${copy}`;
        run('vim', [...VIM, '-c', `set bkc=${copy} wb | %s/MARK=.*/MARK=${line}/ | wq`, '.envrc']);
        expect(read('.envrc')).toBe(textOf(line, '.envrc'));
      }
    put('.vscode/launch.json', '{}\n');
    git('stash', '-qu');
    git('checkout', '-q', 'other');
    expect(FILES.map(read)).toEqual(FILES.map((file) => textOf('other', file)));
    expect(loaded()).toBe('other');
    git('checkout', '-q', 'main');
    git('stash', 'pop', '-q');
    expect(read('.vscode/launch.json')).toBe('{}\n');
    for (const file of FILES) saved('by rename', file, `${mark}-end`);
    expect(loaded()).toBe(`${mark}-end`);
  }

  function isUntouched(turn: FinishedTurn, mark: string, files: readonly string[] = FILES): void {
    const notices = turn.events.flatMap(({ event }) => (event.type === 'notice' ? [event] : []));
    const names = readdirSync(installation.projectDir, { recursive: true }).map(String);
    const told = JSON.stringify({ notices, names: names.filter((name) => !name.startsWith('.git/')) });
    expect(
      names.filter((name) => name.includes('quarantined')),
      told,
    ).toEqual([]);
    expect(
      files.filter((file) => !existsSync(at(file))),
      told,
    ).toEqual([]);
    expect(files.map(read)).toEqual(files.map((file) => textOf(`${mark}-end`, file)));
  }

  const shell = (command: string) => `CALL_TOOL Bash ${JSON.stringify({ command, description: 'test' })}`;
  const ask = (prompt: string, sessionId?: string): Promise<FinishedTurn> =>
    core.turn({
      agentId: 'claude-code',
      projectDir: installation.projectDir,
      prompt,
      permission: 'allow_once',
      ...(sessionId === undefined ? {} : { sessionId }),
    });

  const attackOn = (files: readonly string[]) =>
    `for f in ${files.join(' ')}; do echo evil > $f; rm -rf $f; done 2>/dev/null`;
  const WAITING = 'rm -f go; touch started; while [ ! -e go ]; do sleep 0.05; done';
  /** Starts a turn, does this while its command waits, and lets the command go on once the files are protected. */
  async function whileItRuns(files: readonly string[], work: () => void | Promise<void>): Promise<FinishedTurn> {
    const turn = ask(shell(`${WAITING}; ${attackOn(files)}; echo seen > made.txt`));
    await expect.poll(() => existsSync(at('started')), { timeout: LIMIT_MS * 2 }).toBe(true);
    await work();
    await expect.poll(() => files.every((file) => isProtected(at(file))), { timeout: LIMIT_MS }).toBe(true);
    put('go', '');
    const ended = await turn;
    expect(ended.outcome, JSON.stringify(ended.outcome)).toMatchObject({ outcome: 'completed' });
    // Positive control: the command was at work after the user.
    expect(read('made.txt')).toBe('seen\n');
    return ended;
  }

  test('loses nothing, and meets no error, while a command of Claude Code runs, and between its turns', async () => {
    const during = await whileItRuns(FILES, () => work('during'));
    isUntouched(during, 'during');

    work('between');
    const second = await ask(shell(`${attackOn(FILES)}; echo again > made.txt`), during.sessionId);
    expect(second.outcome, JSON.stringify(second.outcome)).toMatchObject({ outcome: 'completed' });
    expect(read('made.txt')).toBe('again\n');
    isUntouched(second, 'between');
  });

  const NEW = ['.envrc', '.vscode/settings.json'] as const;
  /** A backup is kept of what is there only. */
  function savedAnew(how: keyof typeof SAVES, file: string, mark: string): void {
    if (how === 'with a backup') saved('in place', file, 'empty');
    saved(how, file, mark);
  }
  /** Names that were not there before: those of VS Code's folder as it makes them, the others as git brings them. */
  function workAnew(mark: string): void {
    git('checkout', '-q', 'brings');
    expect(NEW.map(read)).toEqual(NEW.map((file) => textOf('brought', file)));
    for (const how of Object.keys(SAVES) as (keyof typeof SAVES)[]) for (const file of NEW) saved(how, file, mark);
    git('checkout', '-qf', 'bare');
    // What holds a name that was taken away is an empty folder, once more.
    expect(NEW.filter((file) => statSync(at(file), { throwIfNoEntry: false })?.isFile())).toEqual([]);
    for (const how of Object.keys(SAVES) as (keyof typeof SAVES)[]) {
      run('rm', ['-rf', '.vscode']);
      run('mkdir', ['-p', '.vscode']);
      savedAnew(how, '.vscode/settings.json', `${mark}-end`);
    }
    git('checkout', '-q', 'brings', '--', '.envrc');
    saved('in place', '.envrc', `${mark}-end`);
  }

  ofLongForm(test)(
    'makes VS Code’s folder anew, and gets new files from git, while a turn runs and between two',
    { tag: LONG },
    async () => {
      git('checkout', '-qf', '-b', 'bare');
      git('rm', '-qf', ...FILES);
      git('commit', '-qm', 'bare');
      git('clean', '-fdq');
      git('checkout', '-qb', 'brings');
      for (const file of NEW) put(file, textOf('brought', file));
      git('add', '-A');
      git('commit', '-qm', 'brings');
      git('checkout', '-q', 'bare');

      const during = await whileItRuns(NEW, async () => {
        // An empty folder holds the name, and makes way for the user's own file.
        run('sh', ['-c', 'rmdir .envrc && cat > .envrc'], textOf('own', '.envrc'));
        await expect.poll(() => isProtected(at('.envrc')), { timeout: LIMIT_MS }).toBe(true);
        expect(read('.envrc')).toBe(textOf('own', '.envrc'));
        run('rm', ['.envrc']);
        workAnew('during');
      });
      isUntouched(during, 'during', NEW);

      git('reset', '-q', '--hard');
      git('clean', '-fdq');
      // Between two turns nothing is held, so a file can be made under any of the names.
      for (const how of Object.keys(SAVES) as (keyof typeof SAVES)[]) {
        run('rm', ['-f', '.envrc']);
        savedAnew(how, '.envrc', 'made');
      }
      run('rm', ['-f', '.envrc']);
      workAnew('between');
      const second = await ask(shell(`${attackOn(NEW)}; echo again > made.txt`), during.sessionId);
      expect(second.outcome, JSON.stringify(second.outcome)).toMatchObject({ outcome: 'completed' });
      expect(read('made.txt')).toBe('again\n');
      isUntouched(second, 'between', NEW);
    },
  );

  /** True when every process that works in the folder behind mounts of its own finds the file closed. */
  function isProtected(file: string): boolean {
    const inside = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isInside(pid));
    return inside.length > 0 && inside.every((pid) => isClosed(pid, file));
  }
  function isInside(pid: string): boolean {
    try {
      const isHere = readlinkSync(`/proc/${pid}/cwd`) === installation.projectDir;
      return isHere && readlinkSync(`/proc/${pid}/ns/mnt`) !== readlinkSync('/proc/self/ns/mnt');
    } catch {
      return false;
    }
  }
  function isClosed(pid: string, file: string): boolean {
    try {
      const lines = readFileSync(`/proc/${pid}/mountinfo`, 'utf8').split('\n');
      return lines.some((line) => {
        const [, , , , place = '', options = ''] = line.split(' ');
        return (
          options.startsWith('ro') &&
          (file === place || file.startsWith(`${place}/`)) &&
          place.startsWith(dirname(at('x')))
        );
      });
    } catch {
      // It has ended meanwhile.
      return true;
    }
  }
});
