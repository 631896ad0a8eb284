import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SandboxPolicy } from '../../../shared/model/sandbox-policy.ts';
import { checkout, nodeExecutable } from '../testing/checkout.ts';
import { describeAsEach, ownedBy, type Probe, runProbe } from '../testing/in-sandbox.ts';
import { testPolicy } from '../testing/policy.ts';
import type { TestFolders } from '../testing/session-params.ts';
import { withFolders } from '../testing/set-up.ts';

const NODE = nodeExecutable;
const execute = promisify(execFile);

describeAsEach('in the sandbox, as', (identity) => {
  let folders: TestFolders;
  let policy: SandboxPolicy;
  withFolders((own) => {
    folders = own;
    policy = testPolicy({
      readOnly: [{ path: NODE, optional: false }],
      state: { hostPath: folders.state, sandboxPath: '/home/agent' },
      workingDirectory: folders.project,
    });
    ownedBy(identity, folders.root);
  });

  const inside = (script: string, change: Partial<SandboxPolicy> = {}): Probe =>
    runProbe(identity, { script, policy: { ...policy, ...change } });
  const outside = (script: string): Probe => inside(script, { enforcement: 'off' });
  /** A node program as an argument of bash. */
  const node = (text: string): string => `${NODE} -e '${text}'`;

  it('no Unix socket is made, and a pair of sockets is', () => {
    const listen = node(
      'require("net").createServer().on("error", e => console.log(e.code)).listen("s", () => { console.log("listens"); process.exit() })',
    );
    expect(inside(listen).output).toBe('EPERM\n');
    expect(outside(listen).output).toBe('listens\n');
    // Node talks to its children over pairs.
    expect(inside(node('console.log(require("child_process").execFileSync("/bin/echo", ["pair"]) + "")')).output).toBe(
      'pair\n\n',
    );
  });

  it('a filter holds that cannot be taken off, and no privilege can be gained', () => {
    const { output } = inside('grep -E "^(Seccomp|NoNewPrivs|CapEff|CapPrm|CapAmb)" /proc/self/status');
    expect(output.split('\n')).toEqual(
      expect.arrayContaining(['Seccomp:\t2', 'NoNewPrivs:\t1', 'CapEff:\t0000000000000000']),
    );
  });

  it('no namespace is made', () => {
    expect(inside('unshare --user true && echo made').output).toBe('');
    expect(inside('unshare --user true && echo made', { nesting: true }).output).toBe('made\n');
  });

  it('no file gets capabilities, not from a namespace inside either', () => {
    const give = "os.setxattr('file', 'security.capability', struct.pack('<IIIII', 0x02000001, 255, 0, 255, 0))";
    const script = `touch file; unshare -Ur python3 -I -S -c "import os, struct; ${give}; print('given')"`;
    expect(inside(script, { nesting: true }).output).toBe('');
    expect(inside(script).output).toBe('');
    expect(outside(script).output).toBe('given\n');
  });

  it('its account files cannot be changed or replaced, also by the root of a namespace made inside', () => {
    const change = (file: string): string =>
      `chmod 666 ${file}; echo x >> ${file}; mv ${file} ${file}.old; rm -f ${file}`;
    const every = ['/etc/passwd', '/etc/group', '/proc/self/root/etc/passwd'].map(change).join('; ');
    const sum = 'cat /etc/passwd /etc/group | sha256sum';
    const [before, after] = inside(`${sum}; { ${every}; } 2>/dev/null; ${sum}`).output.split('\n');
    expect(after).toBe(before);
    const asRoot = `unshare -Urm sh -c 'echo root; { mount -o remount,bind,rw /; ${every}; } 2>/dev/null'`;
    const look = 'head -c 5 /etc/passwd; stat -c %a /etc/passwd';
    expect(inside(`${asRoot}; ${look}`, { nesting: true }).output).toBe('root\nroot:444\n');
    expect(inside(`echo own > f; ${change('f')}; cat f.old`).output).toBe('own\nx\n');
  });

  it('its limits hold: the size of a file, the number of processes, core dumps', () => {
    const limits = { processes: 40, fileBytes: 1024 * 1024, memoryBytes: 2 * 1024 ** 3 };
    const file = 'head -c 3000000 /dev/zero > big 2>/dev/null; stat -c %s big';
    expect(inside(file, { limits }).output).toBe('1048576\n');
    expect(inside(file).output).toBe('3000000\n');
    expect(inside('ulimit -Hc; ulimit -Hf; ulimit -Hd; ulimit -f unlimited || echo kept', { limits }).output).toBe(
      '0\n1024\n2097152\nkept\n',
    );
    // The kernel exempts root outside, whoever root is inside.
    if (identity.uid === 0) return;
    expect(inside('ulimit -Hu; ulimit -u unlimited 2>/dev/null || echo kept', { limits }).output).toBe('40\nkept\n');
    const many =
      'for i in $(seq 60); do sleep 2 & done 2>&1 | head -c 200; jobs -p | wc -l; kill $(jobs -p) 2>/dev/null';
    expect(inside(many, { limits }).errors + inside(many, { limits }).output).toMatch(
      /Resource temporarily unavailable|fork/,
    );
    expect(inside(many).output).not.toMatch(/Resource temporarily unavailable/);
  });

  describe('with the network through the proxy', () => {
    let server: Server;
    let egressSocket: string;
    beforeEach(async () => {
      const folder = join(folders.root, 'egress');
      mkdirSync(folder);
      egressSocket = join(folder, 'proxy.sock');
      server = createServer((socket) => socket.on('error', () => undefined).end('from the proxy')).listen(egressSocket);
      await once(server, 'listening');
      chmodSync(folder, 0o700);
      ownedBy(identity, folder);
    });
    afterEach(() => void server.close());

    /** The proxy lives in this process, so this one must not wait for the probe as the others do. */
    const proxied = async (script: string, socket: string | null = egressSocket): Promise<Probe> => {
      const request = {
        script,
        policy: { ...policy, network: { kind: 'proxy', hosts: [], loopback: [] } },
        environment: { PATH: '/usr/bin:/bin', HOME: '/home/agent' },
        ...(socket === null ? {} : { egressSocket: socket }),
      };
      const probe = [...identity.prefix, NODE, join(checkout, 'out/test-programs/probe.mjs')];
      const [command = '', ...args] = [...probe, JSON.stringify(request)];
      const { stdout } = await execute(command, args, { env: {}, timeout: 30_000 });
      return JSON.parse(stdout) as Probe;
    };
    const ask = 'exec 3<>/dev/tcp/127.0.0.1/3128 && cat <&3';

    it('the proxy answers at its port from the first moment on', async () => {
      for (let times = 0; times < 5; times++) expect((await proxied(ask)).output).toBe('from the proxy');
    });

    it('nothing else is there: no other address, no socket, no sight of the bridge', async () => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as { port: number };
      const reach = `(exec 3<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null && echo reached`;
      expect((await proxied(`${reach}; ls ${egressSocket}`)).output).toBe('');
      // The bridge is a node program: its name is in no command line here.
      expect((await proxied('cat /proc/[0-9]*/cmdline | tr "\\0" " "')).output).not.toContain(NODE);
      const descriptors = (await proxied('ls -l /proc/self/fd')).output.split('\n').filter((line) => / -> /.test(line));
      expect(descriptors.filter((line) => !/ [012] -> | -> \/dev\/null$|\/fd$/.test(line))).toEqual([]);
      expect((await proxied('cat /proc/net/dev /proc/net/route')).output).not.toMatch(/eth|ens|wlan/);
      expect(outside(reach).output).toBe('reached\n');
      other.close();
    });

    it('a proxy that is gone is a closed door, at once', async () => {
      server.close();
      await once(server, 'close');
      expect((await proxied(`${ask}; echo "end $?"`)).output).toBe('end 0\n');
    });

    it('without a socket nothing starts', async () => {
      await expect(proxied('true', null)).rejects.toThrow('SANDBOX_FAILED');
    });
  });
});
