/**
 * A program: runs a script in the real sandbox behind the real egress proxy, as the user that it was started as. Only
 * the resolver and the last step of a connection are replaced, so that names and addresses can be what an attempt
 * needs. JSON in, the script's exit status out. With `open` the proxy lets everything through and there is no sandbox.
 */
import { spawn } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { systemClock } from '../../electron/node/clock.ts';
import { connectToAddress } from '../../electron/runner/egress/connect.ts';
import { type EgressProxy, startEgress } from '../../electron/runner/egress/proxy.ts';
import { ownAddresses } from '../../electron/runner/egress/resolve.ts';
import { startProgram } from '../../electron/runner/process/program.ts';
import { selectSandbox } from '../../electron/runner/sandbox/select.ts';
import type { SandboxPolicy } from '../../shared/model/sandbox-policy.ts';
import { allowed, createResolver, GOOD } from './names.ts';
import { openProxy } from './open-proxy.ts';

export interface BehindProxy {
  readonly script: string;
  readonly policy: SandboxPolicy;
  readonly environment: Readonly<Record<string, string>>;
  readonly open: boolean;
  /** What happens to the proxy once the script has printed a line. */
  readonly change?: 'empty' | 'broken-update' | 'narrowed' | 'proxy-gone';
}

const request = JSON.parse(process.argv[2] ?? '') as BehindProxy;
const { change, environment, policy, script } = request;
const [port, port6] = [Number(environment.PORT), Number(environment.PORT6)];
const resolve = createResolver(environment.OWN ?? '');

const good = createServer((asked, answer) => {
  answer.writeHead(302, { Location: `http://evil.test${asked.url}` }).end();
}).listen(0, '127.0.0.1');
await once(good, 'listening');
const goodPort = (good.address() as AddressInfo).port;

/** Addresses of the world lead to listeners of this machine. Where something was taken back, so does the good one. */
function reach(address: string, to: number): Socket {
  if (isOfThisMachine(address)) return connectToAddress([address], to);
  const isGood = address === GOOD && to !== 8080 && (change === undefined || change === 'broken-update');
  return connect(isGood ? goodPort : port, '127.0.0.1');
}

function isOfThisMachine(address: string): boolean {
  return /^(127\.|0\.|::1?$|::ffff:)/i.test(address) || ownAddresses().has(address);
}

async function openDial(text: string, to: number): Promise<Socket> {
  const [name = ''] = text
    .replaceAll('。', '.')
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .split('\0');
  const addresses = name.endsWith('.test')
    ? await resolve(name)
    : [(await lookup(name.toLowerCase())).address.replace(/^0\.0\.0\.0$/, '127.0.0.1')];
  const socket = reach(addresses.at(-1) ?? '', to);
  await once(socket, 'connect');
  return socket;
}

if (request.open) {
  const server = openProxy(openDial).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const PROXY_PORT = String((server.address() as AddressInfo).port);
  const child = spawn('/bin/bash', ['-c', script], {
    cwd: policy.workingDirectory,
    env: { ...environment, PROXY_PORT },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdout.once('data', () => child.stdin.write('changed\n'));
  await once(child, 'exit');
  process.exit(0);
}

const hosts = change === 'empty' ? [] : allowed({ port, port6 });
const egress: EgressProxy = startEgress({
  folder: tmpdir(),
  rules: { hosts, loopback: [] },
  clock: systemClock,
  onRefused: () => undefined,
  onGone: () => undefined,
  resolve,
  connect: (addresses, to) => reach(addresses[0] ?? '', to),
});
const sandbox = selectSandbox(process.platform, systemClock);
const guard = await sandbox.guard(policy);
const launch = sandbox.wrap(
  {
    command: '/bin/bash',
    args: ['-c', script],
    environment,
    egressSocket: egress.socketPath,
    ...(guard === undefined ? {} : { guard: guard.mounts }),
  },
  policy,
);
const program = startProgram(launch.spec, systemClock);
program.stderr.pipe(process.stderr);
program.stdout.once('data', async () => {
  if (change === 'proxy-gone') await egress.close();
  if (change === 'narrowed')
    egress.update({ hosts: hosts.filter(({ host }) => host !== 'api.good.test'), loopback: [] });
  if (change === 'broken-update') {
    const more = ['evil.test', '*.evil.test', 'no host'].map((host) => ({ host, ports: [443] }));
    try {
      egress.update({ hosts: [...hosts, ...more], loopback: [] });
    } catch {
      // As it must be: the attempts show whether any of it is in force.
    }
  }
  program.stdin.write('changed\n');
});
program.stdout.resume();
const { exitCode } = await program.exited;
await guard?.close();
await egress.close();
process.exit(exitCode ?? 1);
