import { statSync } from 'node:fs';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { SandboxAvailability, SandboxPolicy } from '../../../shared/model/sandbox-policy.ts';
import type { Clock } from '../../node/clock.ts';
import { runOnce } from '../process/run-once.ts';
import { openGuard } from './guard/guard.ts';
import { type ChainParts, launchChain } from './launch-chain.ts';
import { type Mount, PolicyError, policyMounts } from './mounts.ts';
import { type Sandbox, type SandboxedLaunch, type SandboxRequest, unavailable } from './sandbox.ts';
import { seccompFilter } from './seccomp/filter.ts';

/** The program is never looked up on PATH, where another user may own a folder. */
const PLACES = ['/usr/bin/bwrap', '/usr/local/bin/bwrap', '/run/current-system/sw/bin/bwrap'];
const INSTALL = 'install bubblewrap: apt-get install bubblewrap';
const TRIAL_LIMITS = { processes: 64, fileBytes: 1024 ** 2, memoryBytes: 1024 ** 3 };

interface BubblewrapDependencies {
  readonly clock: Clock;
  /** Absolute paths of the program, the first that exists is used. */
  readonly places?: readonly string[];
}

type Located = { readonly path: string } | { readonly reason: string };

/** Linux namespaces by bubblewrap, from an empty root. */
export function createBubblewrap({ clock, places = PLACES }: BubblewrapDependencies): Sandbox {
  const filterOf = createFilters();
  return {
    async check() {
      const located = locate(places);
      if ('reason' in located) return { state: 'unavailable', reason: located.reason };
      return tryOnce(located.path, clock, filterOf);
    },
    guard: (policy) => openGuard(policy, clock),
    wrap(request, policy) {
      const located = locate(places);
      if ('reason' in located) throw unavailable(request, located.reason);
      return wrapWith({ bwrap: located.path, seccomp: filterOf(policy.nesting) }, request, policy);
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

function wrapWith(
  own: Pick<ChainParts, 'bwrap' | 'seccomp'>,
  request: SandboxRequest,
  policy: SandboxPolicy,
): SandboxedLaunch {
  if (policy.enforcement !== 'required') throw new Error('this policy asks for no sandbox');
  const { mounts, workingDirectory } = enforceable(policy, request.guard ?? []);
  const chain = launchChain({
    ...own,
    request,
    mounts,
    workingDirectory,
    home: policy.state.sandboxPath,
    limits: policy.limits,
    network: networkOf(policy, request),
  });
  return {
    ...chain,
    status: { state: 'enforced', backend: 'bubblewrap', network: policy.network.kind },
    workingDirectory,
  };
}

type FilterOf = (nesting: boolean) => Uint8Array;

/** There are two, each is made once. @throws PerchError SANDBOX_FAILED when asked for one */
function createFilters(): FilterOf {
  const made = new Map<boolean, Uint8Array>();
  return (nesting) => {
    const { arch } = process;
    if (arch !== 'x64' && arch !== 'arm64') {
      throw new PerchError('SANDBOX_FAILED', { reason: `there is no system call filter for ${arch}` });
    }
    const filter = made.get(nesting) ?? seccompFilter({ architecture: arch, nesting });
    made.set(nesting, filter);
    return filter;
  };
}

function networkOf(
  { network, nodeExecutable }: SandboxPolicy,
  { egressSocket }: SandboxRequest,
): ChainParts['network'] {
  if (network.kind !== 'proxy') return network;
  if (egressSocket === undefined) throw new PerchError('SANDBOX_FAILED', { reason: 'the egress proxy does not run' });
  if (nodeExecutable === '') throw new PerchError('SANDBOX_FAILED', { reason: 'Node.js was not found' });
  return { kind: 'proxy', egressSocket, nodeExecutable, loopback: network.loopback };
}

function enforceable(policy: SandboxPolicy, guard: readonly Mount[]): ReturnType<typeof policyMounts> {
  try {
    return policyMounts(policy, guard);
  } catch (error) {
    if (error instanceof PolicyError) throw new PerchError('SANDBOX_FAILED', { reason: error.message });
    throw error;
  }
}

/** A real sandbox around a program that does nothing. */
async function tryOnce(bwrap: string, clock: Clock, filterOf: FilterOf): Promise<SandboxAvailability> {
  const version = await runOnce({ command: bwrap, args: ['--version'], environment: {}, workingDirectory: '/' }, clock);
  const launch = launchChain({
    bwrap,
    request: { command: '/usr/bin/env', args: ['true'], environment: { PATH: '/usr/bin:/bin' } },
    mounts: [],
    workingDirectory: '/tmp',
    network: { kind: 'none' },
    home: '/tmp',
    seccomp: filterOf(false),
    limits: TRIAL_LIMITS,
  });
  const trial = await runOnce(launch.spec, clock);
  if (trial.failure === undefined && version.failure === undefined) {
    return { state: 'available', backend: 'bubblewrap', version: version.output.replace(/^bubblewrap\s+/, '').trim() };
  }
  return { state: 'unavailable', reason: `${bwrap} does not work here: ${trial.failure ?? version.failure}` };
}
