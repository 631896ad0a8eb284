import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { proxyVariables } from '../../../../shared/egress/inside.ts';
import type { SandboxPolicy } from '../../../../shared/model/sandbox-policy.ts';
import { systemClock } from '../../../node/clock.ts';
import { testPolicy } from '../../testing/policy.ts';
import { withFolder } from '../../testing/set-up.ts';
import { openLoopbackDoor } from '../loopback-door.ts';
import type { SandboxRequest } from '../sandbox.ts';
import { selectSandbox } from '../select.ts';
import { namePattern } from './names.ts';

let root: string;
let policy: SandboxPolicy;
withFolder('seatbelt', (folder) => {
  root = folder;
  for (const name of ['project/vendor', 'state', 'program']) mkdirSync(join(root, name), { recursive: true });
  policy = testPolicy({
    workingDirectory: join(root, 'project'),
    state: { hostPath: join(root, 'state'), sandboxPath: join(root, 'state') },
    readOnly: [join(root, 'program'), join(root, 'project/vendor')].map((path) => ({ path, optional: false })),
    guard: { names: ['.envrc', '.husky'], held: [], empty: ['.env', '.env.*', '!.env.example'] },
  });
});

const sandbox = selectSandbox('darwin', systemClock);
const request: SandboxRequest = { command: '/bin/tool', args: ['one'], environment: { A: 'secret-value-1' } };
const launch = (change: Partial<SandboxPolicy> = {}, own: Partial<SandboxRequest> = {}) =>
  sandbox.wrap({ ...request, ...own }, { ...policy, ...change });
function profile(change: Partial<SandboxPolicy> = {}, own: Partial<SandboxRequest> = {}): string[] {
  const { args } = launch(change, own).spec;
  return readFileSync(args[args.indexOf('-f') + 1] ?? '', 'utf8').split('\n');
}
/** Whether a rule forbids to write there: each pattern fits, and none that it excepts. */
function isClosed(path: string): boolean {
  return rules(profile(), 'deny file-write* (require-all').some((line) => {
    const [, wanted = '', except] = /\(regex #"([^"]*)"\)(?: \(require-not \(regex #"([^"]*)"\)\))?/.exec(line) ?? [];
    return new RegExp(wanted).test(path) && (except === undefined || !new RegExp(except).test(path));
  });
}
const rules = (lines: readonly string[], start: string) => lines.filter((line) => line.startsWith(`(${start}`));

describe('a profile', () => {
  it('denies by default, before anything else', () => {
    expect(profile().slice(0, 2)).toEqual(['(version 1)', '(deny default)']);
  });

  it('lets nothing be written but the working directory and the state, and parts of those not', () => {
    const lines = profile();
    const given = (path: string) => lines.indexOf(`(allow file-write* (subpath "${join(root, path)}"))`);
    const taken = (path: string) => lines.indexOf(`(deny file-write* (subpath "${join(root, path)}"))`);
    expect(rules(lines, 'allow file-write*')).toHaveLength(2);
    expect(given('state')).toBeGreaterThan(0);
    expect(taken('project/vendor')).toBeGreaterThan(given('project'));
    expect(given('project')).toBeGreaterThan(0);
  });

  it('keeps free, whether it exists or not, what nothing may come to be at', () => {
    const free = join(root, 'state/modules');
    const lines = profile({ guard: { ...policy.guard, free: [free] } });
    const lastWrite = lines.findLastIndex((line) => line.startsWith('(allow file-write*'));
    expect(lines.indexOf(`(deny file-write* (subpath "${free}"))`)).toBeGreaterThan(lastWrite);
  });

  it('names no home, no keychains and no folder of temporary files', () => {
    const reads = rules(profile(), 'allow file-read* ').join('\n');
    expect(reads).toContain('(subpath "/usr")');
    expect(reads).toContain(`(subpath "${join(root, 'program')}")`);
    expect(reads).not.toMatch(/"\/(Users|home|root|private\/var\/folders|Library\/Keychains)"/);
    expect(rules(profile(), 'allow mach-lookup').join()).not.toMatch(
      /security|keychain|pasteboard|launchservices|trustd/i,
    );
  });

  it('takes guarded names back last, in any case, whether they exist or not', () => {
    const lines = profile();
    const guarded = lines.filter((line) => line.includes(namePattern('.envrc')));
    const pattern = /regex #"(.*)"\)/.exec(guarded[0] ?? '')?.[1] ?? '';
    for (const path of ['/p/.envrc', '/p/a/.ENVRC', '/p/.envrc/x']) expect(path).toMatch(new RegExp(pattern));
    expect('/p/.envrc2').not.toMatch(new RegExp(pattern));
    const lastWrite = lines.findLastIndex((line) => line.startsWith('(allow file-write*'));
    expect(lines.indexOf(guarded[0] ?? '')).toBeGreaterThan(lastWrite);
  });

  it.each([
    ['/p/.git', true],
    ['/p/sub/.GIT', true],
    ['/p/.git/hooks', true],
    ['/p/.git/hooKs/pre-commit', true],
    ['/p/.git/config', true],
    ['/p/.git/modules/a/config', true],
    ['/p/.git/index', false],
    ['/p/.git/refs/heads/main', false],
    ['/p/hooks/use-state.ts', false],
  ])('of a repository, %s is closed: %s', (path, closed) => {
    expect(isClosed(path)).toBe(closed);
  });

  it.each([
    // Made during the session, at any depth, in any case
    ['/p/x/HEAD', true],
    ['/p/x/Head', true],
    ['/p/x.git/config', true],
    ['/p/x.GIT/hooks/anything', true],
    ['/p/a/b/hooks/pre-commit', true],
    ['/p/a/b/Hooks/FSMONITOR-watchman', true],
    // What is no repository's
    ['/p/.git/HEAD', false],
    ['/p/.git/logs/HEAD', false],
    ['/p/x/HEADER', false],
    ['/p/hooks/pre-commit.md', false],
    ['/p/config', false],
    ['/p/config/app.yml', false],
  ])('of a bare repository, %s is closed: %s', (path, closed) => {
    expect(isClosed(path)).toBe(closed);
  });

  it('hides files with secrets, but not the examples', () => {
    const lines = profile();
    const verdict = (path: string) =>
      lines.findLast(
        (line) => line.includes('file-read-data') && new RegExp(/#"(.*)"\)/.exec(line)?.[1] ?? '^$').test(path),
      );
    expect(verdict('/p/.env')).toMatch(/^\(deny/);
    expect(verdict('/p/a/.env.local')).toMatch(/^\(deny/);
    expect(verdict('/p/.env.example')).toMatch(/^\(allow/);
    expect(verdict('/p/environment')).toBeUndefined();
  });

  it('gives no network, the proxy by its port, or all addresses and no socket', () => {
    expect(rules(profile(), 'allow network')).toEqual([]);
    const network = { kind: 'proxy' as const, hosts: [], loopback: [{ address: '127.0.0.1', port: 11434 }] };
    expect(rules(profile({ network }, { egressPort: 5001 }), 'allow network')).toEqual([
      '(allow network-outbound (remote tcp (param "PROXY")))',
      '(allow network-outbound (remote tcp "localhost:11434"))',
    ]);
    expect(rules(profile({ network: { kind: 'shared' } }), 'allow network').join()).not.toContain('unix');
  });

  it('is a file of the user alone, without anything of the environment', () => {
    const { args } = launch().spec;
    const file = args[args.indexOf('-f') + 1] ?? '';
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect([...args, readFileSync(file, 'utf8')].join()).not.toContain('secret-value-1');
  });
});

describe('a launch', () => {
  const network = { kind: 'proxy' as const, hosts: [], loopback: [] };

  it('leads proxy variables to its own port, and leaves what others set', () => {
    const environment = { ...Object.fromEntries(proxyVariables()), ALL_PROXY: 'http://mine.test' };
    const { spec } = launch({ network }, { egressPort: 5001, environment });
    expect(spec.environment).toMatchObject({ HTTPS_PROXY: 'http://127.0.0.1:5001', ALL_PROXY: 'http://mine.test' });
    expect(spec.args).toContain('PROXY=localhost:5001');
  });

  it('says what it lacks', () => {
    expect(launch().status).toMatchObject({ lacks: ['process-limit', 'memory-limit', 'own-processes'] });
  });

  it.each([
    ['without its proxy', () => launch({ network })],
    ['with a state directory elsewhere', () => launch({ state: { ...policy.state, sandboxPath: '/home/agent' } })],
    ['with a name that would be a rule', () => launch({ guard: { ...policy.guard, names: ['x") (allow default'] } })],
    ['with a folder that is missing', () => launch({ writable: [join(root, 'missing')] })],
  ])('is refused %s', (_name, start) => {
    expect(start).toThrow(expect.objectContaining({ code: 'SANDBOX_FAILED' }));
  });
});

it('opens a port that leads to the socket of the proxy', async () => {
  const server = createServer((socket) => socket.pipe(socket)).listen(join(root, 's'));
  const door = await openLoopbackDoor(join(root, 's'));
  const client = connect({ port: door.port, host: '127.0.0.1' });
  client.end('there and back');
  const chunks: Buffer[] = [];
  for await (const chunk of client) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).toString()).toBe('there and back');
  door.close();
  server.close();
});

it('a repository that was moved in whole is disarmed at the end of the turn, and one from before is not', async () => {
  const hookOf = (name: string) => join(root, 'project', name, 'hooks', 'pre-commit');
  const make = (name: string) => {
    for (const part of ['objects', 'refs', 'hooks']) mkdirSync(join(root, 'project', name, part), { recursive: true });
    writeFileSync(join(root, 'project', name, 'HEAD'), 'ref: refs/heads/main\n');
    writeFileSync(hookOf(name), '#!/bin/sh\n', { mode: 0o755 });
  };
  make('before');
  const guard = await sandbox.guard(policy);
  expect(guard?.mounts.map(({ path }) => path)).toContain(join(root, 'project/before/hooks'));
  make('moved-in');
  expect((await guard?.inspect())?.map(({ path }) => path).join()).toContain('moved-in');
  expect([hookOf('before'), hookOf('moved-in')].map((file) => statSync(file).mode & 0o111)).toEqual([0o111, 0]);
  await guard?.close();
});
