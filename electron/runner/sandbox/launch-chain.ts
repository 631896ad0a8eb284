import { bytesOf } from '../../node/byte-names.ts';
import type { ProgramSpec } from '../process/program.ts';
import { bridgeProgram, createBridgeStatus, type LoopbackService } from './bridge.ts';
import { accountFiles, type Ids, innerOptions, outerOptions } from './bubblewrap-options.ts';
import { createBubblewrapStatus } from './bubblewrap-status.ts';
import { innerRootBelow } from './freeze/processes.ts';
import { kernelSettings, systemMounts } from './host-files.ts';
import type { Mount } from './mounts.ts';
import { namespaceRootBelow } from './namespace-root.ts';
import type { SandboxedLaunch, SandboxRequest } from './sandbox.ts';

/** Root outside becomes this ordinary user inside, so that no capability is left to take back. */
const ORDINARY: Ids = { uid: 1000, gid: 1000 };
/**
 * An ordinary user is this one in the outer sandbox, where no right comes with it. Perch gets the right to make
 * mounts on entering it from outside, and keeps that on starting `mount` only as user 0.
 */
const OUTER: Ids = { uid: 0, gid: 0 };
const PRLIMIT = '/usr/bin/prlimit';
/** A PID namespace with a /proc of its own, whole: what root's outer sandbox lives in. */
export const ROOTS_PROCESSES = ['/usr/bin/unshare', '--pid', '--fork', '--kill-child', '--mount-proc', '--'];
/** Set and exported by a /bin/sh that is bash. */
const SHELL_VARIABLES = ['SHLVL', 'OLDPWD', '_'];

/**
 * Descriptors of the chain, in the order of `inputs` and `outputs` below; those of the bridge only where there is one.
 * A shell names those up to 9 only, so what shells read or close comes first: without a bridge that is all of them.
 */
function descriptorsOf({ withBridge, withInfo }: { withBridge: boolean; withInfo: boolean }) {
  const gate = withBridge ? 8 : undefined;
  const bridge = withBridge ? 9 : undefined;
  const status = withBridge ? 10 : 8;
  const info = withInfo ? status + 1 : undefined;
  return {
    lifeline: 3,
    options: 4,
    passwd: 5,
    group: 6,
    seccomp: 7,
    gate,
    bridge,
    status,
    info,
  } as const;
}
type Descriptors = ReturnType<typeof descriptorsOf>;

/**
 * A bubblewrap whose parent dies before it asked to die with it leaves processes that wait for ever, with the session's
 * environment. The guard does not depend on it: when the lifeline ends, it kills the whole group. The guard keeps the
 * status descriptor open, so that waiting for the end of a session includes the guard's own end.
 */
function guardScript({ options, passwd, group, seccomp, gate, bridge }: Descriptors): string {
  const closed = [options, passwd, group, seccomp, gate, bridge].filter((one) => one !== undefined);
  const closing = closed.map((one) => `${one}<&-`).join(' ');
  return `(read -r line <&3; kill -KILL 0) </dev/null >/dev/null 2>&1 ${closing} & exec "$@" 3<&-`;
}

/** POSIX counts a file's size in blocks of 512 bytes; every shell the rest in units of 1024. */
const LIMITS = 'ulimit -f "$1" && ulimit -d "$2" && ulimit -c 0 || exit 126; shift 2';
/**
 * The bridge gets nothing of the session: neither its environment nor what the inner sandbox is told. And the session
 * gets nothing of the bridge's: what it wrote there would count as the bridge's own words.
 */
const WITH_BRIDGE = `/usr/bin/env -i "$1" -e "$2" </dev/null >/dev/null 2>&1 4<&- 5<&- 6<&- 7<&- 8<&- & shift 2; exec "$@" 9>&-`;

export interface ChainParts {
  readonly bwrap: string;
  readonly request: SandboxRequest;
  readonly mounts: readonly Mount[];
  readonly workingDirectory: string;
  readonly home: string;
  readonly seccomp: Uint8Array;
  readonly limits: { readonly processes: number; readonly fileBytes: number; readonly memoryBytes: number };
  readonly network:
    | { readonly kind: 'shared' | 'none' }
    | {
        readonly kind: 'proxy';
        readonly egressSocket: string;
        readonly nodeExecutable: string;
        readonly loopback: readonly LoopbackService[];
      };
}

/** Guard → outer bubblewrap → (bridge beside) inner bubblewrap → limits → the program. */
export function launchChain(
  parts: ChainParts,
): Pick<SandboxedLaunch, 'spec' | 'namespaceRoot' | 'innerRoot' | 'setUpFailure'> {
  const outside = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const isRoot = outside.uid === 0;
  const ids = isRoot ? ORDINARY : outside;
  const outer = createBubblewrapStatus();
  const inner = createBubblewrapStatus();
  const bridge = createBridgeStatus();
  const withBridge = parts.network.kind === 'proxy';
  const accounts = accountFiles({ ...ids, home: parts.home });
  // Each pipe costs as much as a tenth of a bubblewrap: only those that are read exist. Root's first process is found
  // otherwise.
  const withInfo = !isRoot;
  const descriptors = descriptorsOf({ withBridge, withInfo });
  const spec: ProgramSpec = {
    command: '/bin/sh',
    args: [
      '-c',
      `${LIMITS}; ${guardScript(descriptors)}`,
      'sandbox',
      ...limitsOf(parts),
      ...(isRoot ? ROOTS_PROCESSES : []),
      ...outerCommand(parts, { isRoot, descriptors }),
    ],
    environment: parts.request.environment,
    // Bubblewrap itself needs no place; the program inside gets its own by --chdir.
    workingDirectory: '/',
    inputs: [
      'lifeline',
      optionText(innerOptionsOf(parts, ids, descriptors)),
      accounts.passwd,
      accounts.group,
      parts.seccomp,
      ...(withBridge ? [bridge.ready] : []),
    ],
    outputs: [...(withBridge ? [bridge] : []), inner, ...(withInfo ? [outer] : [])],
  };
  return {
    spec,
    innerRoot: innerRootBelow,
    namespaceRoot: (pid) => (isRoot ? namespaceRootBelow(pid) : outer.namespaceRoot),
    setUpFailure(exit, lastErrorLine) {
      if (exit.startError !== undefined) return exit.startError;
      if (withBridge && bridge.failure() !== undefined && !inner.programEnded) return bridge.failure();
      if (inner.programEnded || exit.signal !== null) return undefined;
      // The sandbox stood, and then there was no such program.
      if (lastErrorLine?.startsWith(`bwrap: execvp ${parts.request.command}: `)) return undefined;
      return lastErrorLine?.startsWith('bwrap: ') ? lastErrorLine.slice('bwrap: '.length) : undefined;
    },
  };
}

function outerCommand(
  parts: ChainParts,
  { isRoot, descriptors }: { isRoot: boolean; descriptors: Descriptors },
): string[] {
  const { bwrap, network } = parts;
  // Every session gets these options: they are no secret.
  const outer = [
    bwrap,
    ...outerOptions({
      ids: isRoot ? ORDINARY : OUTER,
      ownProcesses: !isRoot,
      ownNetwork: network.kind !== 'shared',
      info: descriptors.info,
    }),
    '--',
  ];
  const inner = innerCommand(parts, descriptors);
  if (network.kind !== 'proxy' || descriptors.bridge === undefined) return [...outer, ...inner];
  const program = bridgeProgram({
    socket: network.egressSocket,
    statusDescriptor: descriptors.bridge,
    loopback: network.loopback,
  });
  return [...outer, '/bin/sh', '-c', WITH_BRIDGE, 'bridge', network.nodeExecutable, program, ...inner];
}

/** Hard ones, that no capability inside can lift again. */
function limitsOf({ limits }: ChainParts): string[] {
  return [Math.floor(limits.fileBytes / 512), Math.floor(limits.memoryBytes / 1024)].map(String);
}

function innerCommand({ bwrap, request, limits }: ChainParts, { options }: Descriptors): string[] {
  const isRoot = process.getuid?.() === 0;
  return [
    ...[bwrap, '--args', String(options), '--'],
    // Inside, so that only what runs in this sandbox counts. The kernel exempts root outside from it, whatever root is
    // called inside.
    ...(isRoot ? [] : [PRLIMIT, `--nproc=${limits.processes}`, '--']),
    ...[request.command, ...request.args],
  ];
}

function innerOptionsOf(parts: ChainParts, ids: Ids, descriptors: Descriptors): string[] {
  const { environment } = parts.request;
  return innerOptions({
    ...parts,
    ownsTerminal: parts.request.ownsTerminal === true,
    system: systemMounts(),
    ids,
    // An ordinary user may not write there anyway, and a sandbox inside of this one needs a /proc without covers.
    kernelSettings: process.getuid?.() === 0 ? kernelSettings() : [],
    unset: SHELL_VARIABLES.filter((name) => environment[name] === undefined),
    descriptors,
  });
}

const optionText = (options: readonly string[]): Uint8Array =>
  Buffer.from(bytesOf(options.map((option) => `${option}\0`).join('')));
