import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../electron/node/clock.ts';
import { type ProgramSpec, startProgram } from '../electron/runner/process/program.ts';
import { bridgeProgram } from '../electron/runner/sandbox/bridge.ts';
import { createBubblewrap } from '../electron/runner/sandbox/bubblewrap.ts';
import { ROOTS_PROCESSES } from '../electron/runner/sandbox/launch-chain.ts';
import { testPolicy } from '../electron/runner/testing/policy.ts';
import { type Measured, median, report } from './report.ts';

/**
 * From spawn to exit of a program that does nothing: in Perch's sandbox, and in the same namespaces made bare, with
 * pipes to talk through on both sides. What Perch adds is the guard that ends everything with it, limits, system call
 * filter, account files and status. Once without a network, and once with the bridge to the egress proxy, for which the
 * program waits on both sides. Root's namespaces take one program more (ROOTS_PROCESSES).
 */
const ROUNDS = 40;
const root = mkdtempSync(join(tmpdir(), 'perch-bench-'));
const folder = (name: string): string => {
  mkdirSync(join(root, name), { recursive: true });
  return join(root, name);
};
const egressSocket = join(folder('egress'), 's');
const server = createServer((socket) => socket.end()).listen(egressSocket);
const own = { workingDirectory: folder('project'), state: { hostPath: folder('state'), sandboxPath: '/home/agent' } };
const sandbox = createBubblewrap({ clock: systemClock });
const request = { command: '/bin/true', args: [], environment: { PATH: '/usr/bin:/bin' }, egressSocket };
const closed = (): ProgramSpec => sandbox.wrap(request, testPolicy(own)).spec;
const proxied = (): ProgramSpec =>
  sandbox.wrap(request, testPolicy({ ...own, network: { kind: 'proxy', hosts: [], loopback: [] } })).spec;

async function milliseconds(run: () => Promise<unknown>): Promise<number> {
  const start = process.hrtime.bigint();
  await run();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

async function started(spec: ProgramSpec): Promise<void> {
  const { exited, stderr } = startProgram(spec, systemClock);
  let said = '';
  stderr.on('data', (data: Buffer) => {
    said += data.toString();
  });
  const exit = await exited;
  if (exit.exitCode !== 0) throw new Error(`it ended with ${JSON.stringify(exit)}: ${said}`);
}

async function spawned([command = '', ...args]: readonly string[], cwd = '/'): Promise<void> {
  const child = spawn(command, args, { cwd, env: { PATH: process.env.PATH ?? '' }, detached: true });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
}

/** The options of a launch, without those that need a descriptor. */
function bareOptions(options: readonly string[]): string[] {
  const withOne = new Set(['--json-status-fd', '--info-fd', '--seccomp', '--block-fd']);
  const kept: string[] = [];
  for (let at = 0; at < options.length; at++) {
    const option = options[at] ?? '';
    if (withOne.has(option)) at += 1;
    else if (option === '--perms' && options[at + 2] === '--file') at += 4;
    else kept.push(option);
  }
  return kept;
}

const bwrap = '/usr/bin/bwrap';
/** Those of the inner sandbox are among the inputs, those of the outer one on the command line. */
const INNER = 1;
const innerOptions = ({ inputs }: ProgramSpec): string[] =>
  bareOptions(String(inputs?.[INNER]).split('\0').slice(0, -1));
function outerOptions({ args }: ProgramSpec): string[] {
  const first = args.indexOf(bwrap) + 1;
  return bareOptions(args.slice(first, args.indexOf('--', first)));
}
const bareArgs = (spec: ProgramSpec, between: string[] = [], gate: string[] = []): string[] => [
  ...(process.getuid?.() === 0 ? ROOTS_PROCESSES : []),
  ...[bwrap, ...outerOptions(spec), '--', ...between],
  ...[bwrap, ...innerOptions(spec), ...gate, '--', '/bin/true'],
];
const GATE = 3;
const STATUS = 4;
const bridge = bridgeProgram({ socket: egressSocket, statusDescriptor: STATUS, loopback: [] });
const WITH_BRIDGE = `"$1" -e "$2" </dev/null >/dev/null 2>&1 ${GATE}<&- & shift 2; exec "$@" ${STATUS}>&-`;
const plainArgs = bareArgs(closed());
const bridgedArgs = bareArgs(
  proxied(),
  ['/bin/sh', '-c', WITH_BRIDGE, 'bridge', process.execPath, bridge],
  ['--block-fd', String(GATE)],
);

/** The program starts when the bridge says that it listens. */
async function bridged(): Promise<void> {
  const env = { PATH: process.env.PATH ?? '' };
  const [command = '', ...args] = bridgedArgs;
  const stdio = ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'] as const;
  const child = spawn(command, args, { cwd: '/', env, detached: true, stdio: [...stdio] });
  const [gate, status] = [child.stdio[GATE] as Writable, child.stdio[STATUS] as Readable];
  status.once('data', () => gate.end('x'));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the bare sandbox with a bridge ended with ${code}`);
}

const settings = join(root, 'srt.json');
writeFileSync(
  settings,
  JSON.stringify({
    network: { allowedDomains: [], deniedDomains: [] },
    filesystem: { denyRead: [], allowWrite: [own.workingDirectory], denyWrite: [] },
  }),
);
const srt = fileURLToPath(new URL('../node_modules/.bin/srt', import.meta.url));

/** It searches the folder that it is started in, to the bottom. */
const srtCommand = [srt, '--settings', settings, '-c', 'true'];

type Rounds = { bare: number[]; through: number[]; limits: Measured['limits'] };
const rounds = (): Rounds => ({ bare: [], through: [], limits: { ratio: 1.2, milliseconds: 0 } });
const plain = rounds();
const withProxy = rounds();
const withSrt: number[] = [];
for (let round = 0; round < ROUNDS + 3; round++) {
  const warm = round >= 3;
  const results = [
    await milliseconds(() => spawned(plainArgs)),
    await milliseconds(() => started(closed())),
    await milliseconds(bridged),
    await milliseconds(() => started(proxied())),
  ] as const;
  if (!warm) continue;
  plain.bare.push(results[0]);
  plain.through.push(results[1]);
  withProxy.bare.push(results[2]);
  withProxy.through.push(results[3]);
}
for (let round = 0; round < 5; round++) {
  try {
    withSrt.push(await milliseconds(() => spawned(srtCommand, own.workingDirectory)));
  } catch (error) {
    process.stdout.write(`@anthropic-ai/sandbox-runtime: not run, it needs ripgrep and socat (${String(error)})\n`);
    break;
  }
}
const status = Math.max(
  report('sandbox launch', plain),
  report('sandbox launch with the bridge to the egress proxy', withProxy),
);
if (withSrt.length > 0) {
  const compared = `against ${median(withProxy.through).toFixed(1)} ms with the bridge`;
  process.stdout.write(`@anthropic-ai/sandbox-runtime: ${median(withSrt).toFixed(1)} ms, ${compared}\n`);
}
server.close();
rmSync(root, { recursive: true, force: true });
process.exit(status);
