import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defined } from '../../../shared/defined.ts';
import type { SandboxPolicy } from '../../../shared/model/sandbox-policy.ts';
import { systemClock } from '../../node/clock.ts';
import { checkout, nodeExecutable } from '../testing/checkout.ts';
import { bwrap, describeAsEach, missing, ownedBy, type Probe, runProbe } from '../testing/in-sandbox.ts';
import { testPolicy } from '../testing/policy.ts';
import type { TestFolders } from '../testing/session-params.ts';
import { withFolder, withFolders } from '../testing/set-up.ts';
import { createBubblewrap } from './bubblewrap.ts';

describeAsEach('the sandbox as', (identity) => {
  let folders: TestFolders;
  let policy: SandboxPolicy;

  withFolders((own) => {
    folders = own;
    writeFileSync(join(folders.root, 'secret.txt'), 'secret', { mode: 0o600 });
    policy = testPolicy({
      state: { hostPath: folders.state, sandboxPath: '/home/agent' },
      workingDirectory: folders.project,
      network: { kind: 'shared' },
    });
  });

  const own = (): void => ownedBy(identity, folders.root);
  const probe = (script: string, change: Partial<SandboxPolicy> = {}, environment = {}): Probe => {
    own();
    return runProbe(identity, { script, policy: { ...policy, ...change }, environment });
  };
  const outside = (script: string): Probe => probe(script, { enforcement: 'off' });

  it('shows nothing of the user, of Perch and of other folders', () => {
    const script = `cat ${folders.root}/secret.txt; ls -A ${folders.root}; ls -d ${homedir()} /var/log /etc/shadow`;
    const inside = probe(script);
    expect(inside.output).not.toContain('secret');
    expect(inside.output.trim().split('\n').sort()).toEqual(['project']);
    expect(outside(script).output).toContain('secret');
    expect(outside(script).output).toContain('/var/log');
  });

  it('has an almost empty root', () => {
    const { output } = probe('ls -A / /home /etc /tmp');
    const names = output.split('\n');
    for (const name of ['usr', 'proc', 'dev', 'tmp', 'resolv.conf', 'passwd']) expect(names).toContain(name);
    for (const name of ['root', 'sys', 'boot', 'opt', 'srv', 'mnt', 'shadow', 'ssh', 'gitconfig']) {
      expect(names).not.toContain(name);
    }
  });

  it('writes to the working directory, the state directory and its own /tmp, and nowhere else', () => {
    const targets = ['./a', '/home/agent/b', '/tmp/c', '/usr/d', '/etc/e', '/f', '/var/tmp/g', `${folders.root}/h`];
    const script = targets.map((path) => `echo x > ${path} && echo wrote ${path}`).join('; ');
    const { output } = probe(`${script}; echo end`);
    expect(readFileSync(join(folders.project, 'a'), 'utf8')).toBe('x\n');
    expect(readFileSync(join(folders.state, 'b'), 'utf8')).toBe('x\n');
    expect(output).toContain('wrote /tmp/c');
    for (const path of ['/usr/d', '/etc/e', '/f', '/tmp/c', '/tmp/g', '/var/tmp/g', `${folders.root}/h`]) {
      expect(existsSync(path)).toBe(false);
    }
    for (const path of ['/usr/d', '/etc/e', '/f']) expect(output).not.toContain(`wrote ${path}`);
    // Positive control: the folder above is writable for this user, only not from inside.
    outside(`echo x > ${folders.root}/h`);
    expect(existsSync(join(folders.root, 'h'))).toBe(true);
  });

  it('a link out of the working directory leads nowhere', () => {
    symlinkSync(join(folders.root, 'secret.txt'), join(folders.project, 'link'));
    expect(probe('cat link').output).toBe('');
    probe('echo y > link');
    expect(readFileSync(join(folders.root, 'secret.txt'), 'utf8')).toBe('secret');
    expect(outside('cat link').output).toBe('secret');
  });

  it('gets its exact environment, and PWD from bubblewrap', () => {
    const { output } = probe('cat /proc/self/environ | tr "\\0" "\\n"', {}, { ONLY: 'this' });
    const names = output
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0]);
    expect(new Set(names)).toEqual(new Set(['PATH', 'HOME', 'ONLY', 'PWD', 'SHLVL', '_']));
    expect(output).toContain(`PWD=${folders.project}`);
  });

  it('sees its own processes only, has no capability and an ordinary id', () => {
    const script = 'ls -d /proc/[0-9]* | wc -l; id -u; whoami; grep -E "^(CapEff|CapBnd|NoNewPrivs)" /proc/self/status';
    const inside = probe(script).output.split('\n');
    expect(Number(inside[0])).toBeLessThan(8);
    expect(inside[1]).not.toBe('0');
    expect(inside[2]).not.toBe('');
    expect(inside.slice(3, 6)).toEqual(['CapEff:\t0000000000000000', 'CapBnd:\t0000000000000000', 'NoNewPrivs:\t1']);
    expect(Number(outside(script).output.split('\n')[0])).toBeGreaterThan(8);
  });

  it('inherits no file descriptor that was left open', () => {
    own();
    const request = {
      script: 'ls -l /proc/self/fd',
      policy,
      environment: { PATH: '/usr/bin:/bin', HOME: '/home/agent' },
    };
    const inner = [...identity.prefix, nodeExecutable, join(checkout, 'out/test-programs/probe.mjs')];
    // The descriptor of a folder: with it a process could walk out of any mount namespace.
    const shell = ['-c', 'exec 37</; exec "$@"', 'sh', ...inner, JSON.stringify(request)];
    const { output } = JSON.parse(spawnSync('/bin/bash', shell, { env: {}, encoding: 'utf8' }).stdout) as Probe;
    expect(output).toContain('37 -> /dev/null');
    expect(output).not.toMatch(/-> \/$/m);
    const others = output
      .split('\n')
      .filter((line) => / -> /.test(line) && !/ [012] -> | -> \/dev\/null$|\/fd$/.test(line));
    expect(others).toEqual([]);
  });

  it('leaves nothing of its options on a command line', () => {
    const secret = 'perch-test-value-77aa01';
    const { output } = probe('cat /proc/[0-9]*/cmdline | tr "\\0" " "', {}, { KEY: secret });
    expect(output).toContain('--args');
    expect(output).not.toContain(secret);
    expect(output).not.toContain(folders.state);
    expect(output).not.toContain('--ro-bind');
  });

  it('reaches the host by network only when the policy says so', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const script = `(exec 3<>/dev/tcp/127.0.0.1/${port}) && echo reached`;
    expect(probe(script, { network: { kind: 'shared' } }).output).toBe('reached\n');
    expect(probe(script, { network: { kind: 'none' } }).output).toBe('');
    server.close();
  });

  it('mounts the more specific path over the wider one, whichever may be written', () => {
    mkdirSync(join(folders.project, 'kept'));
    mkdirSync(join(folders.root, 'shared', 'mine'), { recursive: true });
    const change = {
      readOnly: [
        { path: join(folders.project, 'kept'), optional: false },
        { path: join(folders.root, 'shared'), optional: false },
        { path: join(folders.root, 'absent'), optional: true },
      ],
      writable: [join(folders.root, 'shared', 'mine')],
    };
    probe(
      `echo x > kept/a; echo x > b; echo x > ${folders.root}/shared/c; echo x > ${folders.root}/shared/mine/d`,
      change,
    );
    expect(existsSync(join(folders.project, 'kept', 'a'))).toBe(false);
    expect(existsSync(join(folders.project, 'b'))).toBe(true);
    expect(existsSync(join(folders.root, 'shared', 'c'))).toBe(false);
    expect(existsSync(join(folders.root, 'shared', 'mine', 'd'))).toBe(true);
    expect(readdirSync(folders.root).sort()).toEqual(['data', 'project', 'secret.txt', 'shared']);
  });

  it('a read-only part of the working directory is neither written, moved, removed nor replaced', () => {
    const parts = ['dist', 'deep/er/node_modules'];
    for (const part of parts) {
      mkdirSync(join(folders.project, part), { recursive: true });
      writeFileSync(join(folders.project, part, 'main.mjs'), 'own');
    }
    const attempts = parts.flatMap((part) => [
      `echo x > ${part}/main.mjs`,
      `echo x > ${part}/new`,
      `rm -rf ${part}`,
      `mv ${part} gone`,
      `chmod -R a+rwx ${part} && echo x > ${part}/main.mjs`,
      `ln ${part}/main.mjs alias && echo x > alias`,
      `unshare --user --map-root-user --mount sh -c "umount ${part}; mount -o remount,bind,rw ${part}; mv ${part} gone"`,
    ]);
    // Without the folders on the way being mounted, one of them is renamed and the part with it.
    attempts.push('mv deep/er gone', 'mv deep gone', 'rm -rf deep');
    const script = `for attempt; do eval "$attempt" && echo "did: $attempt"; done; echo x > other && cp dist/main.mjs deep/copy`;
    const run = (change: Partial<SandboxPolicy>) =>
      probe(`set -- ${attempts.map((attempt) => `'${attempt}'`).join(' ')}; ${script}`, change);
    const contents = () => parts.map((part) => readdirSync(join(folders.project, part)).join());

    const guarded = run({
      readOnly: parts.map((part) => ({ path: join(folders.project, part), optional: false })),
      writable: [join(folders.project, 'deep'), join(folders.project, 'deep/er')],
      // With it there is more to try.
      nesting: true,
    });
    expect(guarded.output).toBe('');
    expect(contents()).toEqual(['main.mjs', 'main.mjs']);
    for (const part of parts) expect(readFileSync(join(folders.project, part, 'main.mjs'), 'utf8')).toBe('own');
    // Positive controls: elsewhere in the project it writes, and without the guard the attempts succeed.
    expect(readFileSync(join(folders.project, 'other'), 'utf8')).toBe('x\n');
    expect(readFileSync(join(folders.project, 'deep/copy'), 'utf8')).toBe('own');
    const unguarded = run({}).output;
    expect(unguarded).toContain('did: echo x > dist/main.mjs\n');
    expect(unguarded).toContain('did: rm -rf deep\n');
  });

  it("reads the kernel's settings and changes none", () => {
    // What is written, should it be, is what was there before.
    const file = '/proc/sys/kernel/core_pattern';
    const { output } = probe(`cat ${file} > /tmp/same && echo read; cat /tmp/same > ${file} && echo wrote; echo end`);
    expect(output).toBe('read\nend\n');
  });

  it('lets another bubblewrap run inside, if the policy says so', () => {
    const inner = 'bwrap --ro-bind / / --dev /dev --unshare-user --unshare-pid -- /usr/bin/echo from-inside';
    expect(probe(inner, { nesting: true })).toMatchObject({ output: 'from-inside\n', exitCode: 0 });
    expect(probe(inner)).toMatchObject({ output: '', exitCode: 1 });
  });
});

describe.skipIf(missing !== undefined)('a policy that cannot be enforced', () => {
  let folders: TestFolders;
  withFolders((own) => {
    folders = own;
  });

  const wrap = (change: Partial<SandboxPolicy>, places?: string[]) =>
    createBubblewrap({ clock: systemClock, ...defined({ places }) }).wrap(
      { command: '/bin/true', args: [], environment: {} },
      testPolicy({
        state: { hostPath: folders.state, sandboxPath: '/home/agent' },
        workingDirectory: folders.project,
        ...change,
      }),
    );

  it('is an error, never a weaker sandbox', () => {
    const failed = expect.objectContaining({ code: 'SANDBOX_FAILED' });
    expect(() => wrap({})).not.toThrow();
    expect(() => wrap({ readOnly: [{ path: '/no/such', optional: false }] })).toThrow(failed);
    expect(() => wrap({ workingDirectory: join(folders.root, 'gone') })).toThrow(failed);
    expect(() => wrap({ writable: ['relative'] })).toThrow(failed);
    expect(() => wrap({ workingDirectory: '/' })).toThrow(failed);
    expect(() => wrap({}, ['/no/such/bwrap'])).toThrow(expect.objectContaining({ code: 'SANDBOX_UNAVAILABLE' }));
  });

  it('refuses a mount through a link that the agent could have made', () => {
    mkdirSync(join(folders.root, 'elsewhere', 'deep'), { recursive: true });
    symlinkSync(join(folders.root, 'elsewhere'), join(folders.project, 'link'));
    const failed = expect.objectContaining({ code: 'SANDBOX_FAILED' });
    expect(() => wrap({ readOnly: [{ path: join(folders.project, 'link', 'deep'), optional: false }] })).toThrow(
      failed,
    );
    expect(() => wrap({ workingDirectory: join(folders.project, 'link', 'deep') })).toThrow(failed);
    expect(() => wrap({ workingDirectory: join(folders.root, 'elsewhere', 'deep') })).not.toThrow();
  });
});

describe('the check', () => {
  let folder: string;
  withFolder('bwrap', (own) => {
    folder = own;
  });

  const check = (place: string) => createBubblewrap({ clock: systemClock, places: [place] }).check();

  it.skipIf(missing !== undefined)('really runs it', async () => {
    expect(await check(bwrap)).toMatchObject({ state: 'available', backend: 'bubblewrap' });
  });

  it('names what to install', async () => {
    expect(await check('/no/such/bwrap')).toEqual({
      state: 'unavailable',
      reason: 'install bubblewrap: apt-get install bubblewrap',
    });
  });

  it('says why it does not work', async () => {
    const broken = join(folder, 'broken');
    writeFileSync(broken, '#!/bin/sh\necho "bwrap: No permissions to create new namespace" >&2\nexit 1\n', {
      mode: 0o755,
    });
    expect(await check(broken)).toMatchObject({
      state: 'unavailable',
      reason: expect.stringContaining('No permissions to create new namespace'),
    });
  });

  it.skipIf(missing !== undefined)('refuses a setuid one', async () => {
    const setuid = join(folder, 'setuid');
    copyFileSync(bwrap, setuid);
    chownSync(setuid, process.getuid?.() ?? 0, process.getgid?.() ?? 0);
    chmodSync(setuid, 0o4755);
    expect(await check(setuid)).toMatchObject({ state: 'unavailable', reason: expect.stringContaining('setuid') });
  });
});
