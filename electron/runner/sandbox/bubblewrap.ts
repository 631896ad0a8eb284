import { statSync } from 'node:fs';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { SandboxAvailability, SandboxNetwork, SandboxPolicy } from '../../../shared/model/sandbox-policy.ts';
import type { Clock } from '../process/clock.ts';
import { startProgram } from '../process/program.ts';
import { killTree } from '../process/stop.ts';
import { createTextLines } from '../process/text-lines.ts';
import { accountFiles, bubblewrapOptions } from './bubblewrap-options.ts';
import { createBubblewrapStatus } from './bubblewrap-status.ts';
import { kernelSettings, systemMounts } from './host-files.ts';
import { type Mount, PolicyError, policyMounts } from './mounts.ts';
import { type Sandbox, type SandboxedLaunch, type SandboxRequest, unavailable } from './sandbox.ts';

/** Never looked up on PATH: a folder there may belong to anybody. */
const PLACES = ['/usr/bin/bwrap', '/usr/local/bin/bwrap', '/run/current-system/sw/bin/bwrap'];
const INSTALL = 'install bubblewrap: apt-get install bubblewrap';
const CHECK_LIMIT_MS = 5_000;
/** Descriptors of the spawned bubblewrap: three inputs in this order, then its status. */
const DESCRIPTORS = { options: 3, passwd: 4, group: 5, status: 6 } as const;
/** Root outside becomes this ordinary user inside, so that no capability is left to take back. */
const ORDINARY = { uid: 1000, gid: 1000 };

export interface BubblewrapDependencies {
  readonly clock: Clock;
  /** Absolute paths of the program, the first that exists is used. */
  readonly places?: readonly string[];
}

type Located = { readonly path: string } | { readonly reason: string };

/** Linux namespaces by bubblewrap, from an empty root (D10). */
export function createBubblewrap({ clock, places = PLACES }: BubblewrapDependencies): Sandbox {
  return {
    async check() {
      const located = locate(places);
      if ('reason' in located) return { state: 'unavailable', reason: located.reason };
      return tryOnce(located.path, clock);
    },
    wrap(request, policy) {
      const located = locate(places);
      if ('reason' in located) throw unavailable(request, located.reason);
      return wrapWith(located.path, request, policy);
    },
  };
}

function locate(places: readonly string[]): Located {
  for (const path of places) {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) continue;
    // A setuid bubblewrap does its set-up as root: its mistakes are privilege escalations (CVE-2026-41163).
    if ((stat.mode & 0o6000) !== 0)
      return { reason: `${path} is installed setuid, remove that: chmod u-s,g-s ${path}` };
    return { path };
  }
  return { reason: INSTALL };
}

function wrapWith(bwrap: string, request: SandboxRequest, policy: SandboxPolicy): SandboxedLaunch {
  if (policy.enforcement !== 'required') throw new Error('this policy asks for no sandbox');
  const { mounts, workingDirectory } = enforceable(policy);
  const launch = bubblewrapLaunch({
    bwrap,
    request,
    mounts,
    workingDirectory,
    network: policy.network.kind,
    home: policy.state.sandboxPath,
  });
  return {
    ...launch,
    status: { state: 'enforced', backend: 'bubblewrap', network: policy.network.kind },
    workingDirectory,
  };
}

function enforceable(policy: SandboxPolicy): ReturnType<typeof policyMounts> {
  try {
    return policyMounts(policy);
  } catch (error) {
    if (error instanceof PolicyError) throw new PerchError('SANDBOX_FAILED', { reason: error.message });
    throw error;
  }
}

interface LaunchParts {
  readonly bwrap: string;
  readonly request: SandboxRequest;
  readonly mounts: readonly Mount[];
  readonly workingDirectory: string;
  readonly network: SandboxNetwork['kind'];
  readonly home: string;
}

function bubblewrapLaunch(parts: LaunchParts): Pick<SandboxedLaunch, 'spec' | 'namespaceRoot' | 'setUpFailure'> {
  const outside = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const ids = outside.uid === 0 ? ORDINARY : undefined;
  const accounts = accountFiles({ ...(ids ?? outside), home: parts.home });
  const options = bubblewrapOptions({
    ...parts,
    ownsTerminal: parts.request.ownsTerminal === true,
    system: systemMounts(),
    ids,
    // Anybody else may not write there, and a sandbox inside of this one needs a /proc without covers.
    kernelSettings: ids === undefined ? [] : kernelSettings(),
    descriptors: DESCRIPTORS,
  });
  const status = createBubblewrapStatus();
  return {
    spec: {
      command: parts.bwrap,
      args: ['--args', String(DESCRIPTORS.options), '--', parts.request.command, ...parts.request.args],
      environment: parts.request.environment,
      // Bubblewrap itself needs no place; the program inside gets its own by --chdir.
      workingDirectory: '/',
      inputs: [options.map((option) => `${option}\0`).join(''), accounts.passwd, accounts.group],
      onStatusText: status.push,
    },
    namespaceRoot: () => status.namespaceRoot,
    setUpFailure(exit, lastErrorLine) {
      if (exit.startError !== undefined) return exit.startError;
      if (status.programEnded || exit.signal !== null) return undefined;
      return lastErrorLine?.startsWith('bwrap: ') ? lastErrorLine.slice('bwrap: '.length) : undefined;
    },
  };
}

/** A real sandbox around a program that does nothing. */
async function tryOnce(bwrap: string, clock: Clock): Promise<SandboxAvailability> {
  const version = await run({ command: bwrap, args: ['--version'], environment: {}, workingDirectory: '/' }, clock);
  const launch = bubblewrapLaunch({
    bwrap,
    request: { command: '/usr/bin/env', args: ['true'], environment: { PATH: '/usr/bin:/bin' } },
    mounts: [],
    workingDirectory: '/tmp',
    network: 'none',
    home: '/tmp',
  });
  const trial = await run(launch.spec, clock);
  if (trial.failure === undefined && version.failure === undefined) {
    return { state: 'available', backend: 'bubblewrap', version: version.output.replace(/^bubblewrap\s+/, '').trim() };
  }
  return { state: 'unavailable', reason: `${bwrap} does not work here: ${trial.failure ?? version.failure}` };
}

async function run(
  spec: SandboxedLaunch['spec'],
  clock: Clock,
): Promise<{ readonly output: string; readonly failure: string | undefined }> {
  const program = startProgram(spec, clock);
  let output = '';
  let lastErrorLine: string | undefined;
  const errors = createTextLines({
    maxLineChars: 500,
    maxTotalChars: 10_000,
    onLine: (line) => (lastErrorLine = line),
  });
  program.stdout.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(0, 1000);
  });
  program.stderr.setEncoding('utf8').on('data', errors.push);
  const takeBack = clock.after(CHECK_LIMIT_MS, () => void killTree({ program }, clock));
  const exit = await program.exited;
  takeBack();
  errors.end();
  if (exit.exitCode === 0) return { output, failure: undefined };
  return { output, failure: exit.startError ?? lastErrorLine ?? `ended with ${exit.signal ?? exit.exitCode}` };
}
