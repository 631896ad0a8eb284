import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../electron/runner/process/clock.ts';
import { type ProgramSpec, startProgram } from '../electron/runner/process/program.ts';
import { createBubblewrap } from '../electron/runner/sandbox/bubblewrap.ts';
import { testPolicy } from '../electron/runner/testing/policy.ts';
import { median, report } from './report.ts';

/** From spawn to exit of a program that does nothing: in Perch's sandbox, and in the same two bubblewraps made bare. */
const ROUNDS = 30;
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
  const { exited } = startProgram(spec, systemClock);
  const exit = await exited;
  if (exit.exitCode !== 0) throw new Error(`it ended with ${JSON.stringify(exit)}`);
}

async function spawned(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, [...args], { env: { PATH: process.env.PATH ?? '' }, stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
}

/** The options of a launch as arguments, without those that need a descriptor. */
function bareOptions(text: unknown): string[] {
  const withOne = new Set(['--json-status-fd', '--info-fd', '--seccomp', '--block-fd']);
  const options = String(text).split('\0').slice(0, -1);
  const kept: string[] = [];
  for (let at = 0; at < options.length; at++) {
    const option = options[at] ?? '';
    if (withOne.has(option)) at += 1;
    else if (option === '--perms' && options[at + 2] === '--ro-bind-data') at += 4;
    else kept.push(option);
  }
  return kept;
}

const inputs = closed().inputs ?? [];
const bwrap = '/usr/bin/bwrap';
const bareArgs = [...bareOptions(inputs[6]), '--', bwrap, ...bareOptions(inputs[1]), '--', '/bin/true'];
const settings = join(root, 'srt.json');
writeFileSync(
  settings,
  JSON.stringify({
    network: { allowedDomains: [], deniedDomains: [] },
    filesystem: { denyRead: [], allowWrite: [own.workingDirectory], denyWrite: [] },
  }),
);
const srt = new URL('../node_modules/.bin/srt', import.meta.url).pathname;

const bare: number[] = [];
const through: number[] = [];
const withProxy: number[] = [];
const withSrt: number[] = [];
for (let round = 0; round < ROUNDS + 3; round++) {
  const warm = round >= 3;
  const results = [
    await milliseconds(() => spawned(bwrap, bareArgs)),
    await milliseconds(() => started(closed())),
    await milliseconds(() => started(proxied())),
  ] as const;
  if (!warm) continue;
  bare.push(results[0]);
  through.push(results[1]);
  withProxy.push(results[2]);
}
for (let round = 0; round < 5; round++) {
  try {
    withSrt.push(await milliseconds(() => spawned(srt, ['--settings', settings, '-c', 'true'])));
  } catch (error) {
    process.stdout.write(`  @anthropic-ai/sandbox-runtime does not run here: ${String(error)}\n`);
    break;
  }
}
const status = report('sandbox launch', { bare, through, limits: { ratio: 1.2, milliseconds: 0 } });
process.stdout.write(`  with the bridge to the egress proxy ${median(withProxy).toFixed(1)} ms\n`);
if (withSrt.length > 0) process.stdout.write(`  @anthropic-ai/sandbox-runtime ${median(withSrt).toFixed(1)} ms\n`);
server.close();
rmSync(root, { recursive: true, force: true });
process.exit(status);
