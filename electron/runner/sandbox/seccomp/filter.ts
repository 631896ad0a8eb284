import { type Architecture, SYSTEM_CALLS } from './system-calls.ts';

/** Classic BPF, as `seccomp(2)` takes it: linux/bpf_common.h. */
const LOAD_WORD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_GREATER_EQUAL = 0x35;
const JUMP_ANY_BIT = 0x45;
const RETURN = 0x06;
const AND = 0x54;

const ALLOW = 0x7fff0000;
const KILL_PROCESS = 0x80000000;
const FAIL = 0x00050000;
const EPERM = 1;
const ENOSYS = 38;
const EOPNOTSUPP = 95;

/** Places in `struct seccomp_data`. Of an argument the lower half is looked at: the kernel takes no more of these. */
const NUMBER = 0;
const ARCHITECTURE = 4;
const argument = (index: number): number => 16 + 8 * index;
const upperHalf = (index: number): number => argument(index) + 4;

/** Internet. Not AF_UNIX, AF_VSOCK (the machine around), AF_ALG… */
const FAMILIES = [2, 10];
/** By which programs ask for addresses; of its protocols NETLINK_ROUTE alone, the others are for who runs a machine. */
const NETLINK = 16;
const ROUTE = 0;
/** In SOCK_DGRAM and in SOCK_RAW, which stands for it here, but not in SOCK_STREAM and SOCK_SEQPACKET. */
const WITHOUT_CONNECTION = 2;
/** Put characters into the input of a terminal: TIOCSTI, TIOCLINUX. */
const TERMINAL_INPUT = [0x5412, 0x541c];
/** CLONE_NEWNS, _NEWCGROUP, _NEWUTS, _NEWIPC, _NEWUSER, _NEWPID, _NEWNET. */
const NEW_NAMESPACES = 0x7e020000;
/** CLONE_NEWTIME: of `unshare` alone, the same bit is part of the signal number in `clone`. */
const NEW_TIME = 0x80;

/**
 * S_ISUID, S_ISGID: on the host such a file lends its owner's rights to every user, and in root's sandbox the owner is
 * root.
 */
const LENDS_RIGHTS = 0o6000;
/** O_CREAT, O_TMPFILE. */
const CREATES = 0o100 | 0o20000000;

/**
 * Only these two reach a stopped process: the one lets it go on, by the end of another its relatives may be let
 * go on.
 */
const SIGKILL = 9;
const SIGCONT = 18;
/**
 * The first, of `fcntl`, says which signal tells of news on a descriptor; the second, of `prctl`, of a parent's
 * end.
 */
const F_SETSIG = 10;
const PR_SET_PDEATHSIG = 1;
/** CSIGNAL: the part of the flags of `clone` that says which signal tells of the child's end. */
const EXIT_SIGNAL = 0xff;

interface Instruction {
  readonly code: number;
  readonly onTrue?: number;
  readonly onFalse?: number;
  readonly value: number;
}

interface FilterOptions {
  readonly architecture: Architecture;
  /** True when the program may build another sandbox inside. */
  readonly nesting: boolean;
}

/**
 * The filter for `bwrap --seccomp FD`: 8-byte instructions, little-endian as both architectures are. It holds for the
 * program and all its descendants. Pairs of connected sockets stay allowed: runtimes talk to their children over them.
 */
export function seccompFilter({ architecture, nesting }: FilterOptions): Uint8Array {
  const calls = SYSTEM_CALLS[architecture];
  const denied = nesting ? calls.denied : [...calls.denied, ...calls.nesting];
  return assembled([
    load(ARCHITECTURE),
    // A program for another architecture counts its calls differently.
    ...[skipIf(JUMP_EQUAL, calls.audit), result(KILL_PROCESS)],
    load(NUMBER),
    ...(calls.foreignFrom === undefined ? [] : failIf(JUMP_GREATER_EQUAL, calls.foreignFrom, EPERM)),
    ...denied.flatMap((number) => failIf(JUMP_EQUAL, number, EPERM)),
    ...onCall(calls.socket, [
      load(argument(0)),
      ...FAMILIES.flatMap((family) => [skipUnless(JUMP_EQUAL, family), result(ALLOW)]),
      skipIf(JUMP_EQUAL, NETLINK),
      result(FAIL | EPERM),
      load(argument(2)),
      skipUnless(JUMP_EQUAL, ROUTE),
      result(ALLOW),
      result(FAIL | EPERM),
    ]),
    // A socket of an unconnected pair can be bound, and connected to any socket that has a file.
    ...onCall(calls.socketpair, [load(argument(1)), ...failIf(JUMP_ANY_BIT, WITHOUT_CONNECTION, EPERM), result(ALLOW)]),
    ...onCall(calls.ioctl, [
      load(argument(1)),
      ...TERMINAL_INPUT.flatMap((request) => failIf(JUMP_EQUAL, request, EPERM)),
      result(ALLOW),
    ]),
    ...withoutLentRights(calls),
    ...withoutLaterSignals(calls),
    ...onCall(calls.clone, [
      load(argument(0)),
      ...(nesting ? [] : failIf(JUMP_ANY_BIT, NEW_NAMESPACES, EPERM)),
      ...withoutExitSignal(),
      result(ALLOW),
    ]),
    ...(nesting ? withoutCapableFiles(calls) : withoutNamespaces(calls)),
    result(ALLOW),
  ]);
}

function withoutLentRights(calls: (typeof SYSTEM_CALLS)[Architecture]): Instruction[] {
  const checked = (mode: number): Instruction[] => [
    load(argument(mode)),
    ...failIf(JUMP_ANY_BIT, LENDS_RIGHTS, EPERM),
    result(ALLOW),
  ];
  return [
    // Its flags and permissions are in memory, which a filter cannot read; a program that knows it knows `openat` too.
    ...failIf(JUMP_EQUAL, calls.openat2, ENOSYS),
    ...calls.permissions.flatMap(({ number, mode }) => onCall(number, checked(mode))),
    ...calls.opening.flatMap(({ number, flags, mode }) =>
      onCall(number, [load(argument(flags)), skipIf(JUMP_ANY_BIT, CREATES), result(ALLOW), ...checked(mode)]),
    ),
  ];
}

/**
 * Between turns all processes are stopped. None may have ordered a signal before that lets it go on then: from a timer,
 * a descriptor, a message queue, or at the end of another process. A program without such a signal keeps its timers:
 * `timer_create` without a description sends SIGALRM, and a runtime that finds none of the others takes `setitimer`.
 */
function withoutLaterSignals(calls: (typeof SYSTEM_CALLS)[Architecture]): Instruction[] {
  return [
    // The description is in memory, which a filter cannot read.
    ...calls.laterSignals.flatMap((number) =>
      onCall(number, [
        load(argument(1)),
        skipIf(JUMP_EQUAL, 0),
        result(FAIL | ENOSYS),
        load(upperHalf(1)),
        skipIf(JUMP_EQUAL, 0),
        result(FAIL | ENOSYS),
        result(ALLOW),
      ]),
    ),
    ...onCall(calls.fcntl, [
      load(argument(1)),
      skipIf(JUMP_EQUAL, F_SETSIG),
      result(ALLOW),
      load(argument(2)),
      ...[SIGKILL, SIGCONT].flatMap((signal) => failIf(JUMP_EQUAL, signal, EPERM)),
      result(ALLOW),
    ]),
    ...onCall(calls.prctl, [
      load(argument(0)),
      skipIf(JUMP_EQUAL, PR_SET_PDEATHSIG),
      result(ALLOW),
      load(argument(1)),
      ...failIf(JUMP_EQUAL, SIGCONT, EPERM),
      result(ALLOW),
    ]),
    // The flags of `clone3` are in memory; without it the C library uses `clone`.
    ...failIf(JUMP_EQUAL, calls.clone3, ENOSYS),
  ];
}

/** Beside what else is refused of `clone`. */
function withoutExitSignal(): Instruction[] {
  return [{ code: AND, value: EXIT_SIGNAL }, ...failIf(JUMP_EQUAL, SIGCONT, EPERM)];
}

/**
 * In a namespace of its own a program has the right to give its files capabilities. Of root's sandbox those would be
 * the host's, like the rights that a setuid file lends. Which attribute is meant is in memory, which a filter cannot
 * read; to programs it looks like a disk without any.
 */
function withoutCapableFiles(calls: (typeof SYSTEM_CALLS)[Architecture]): Instruction[] {
  return calls.attributes.flatMap((number) => failIf(JUMP_EQUAL, number, EOPNOTSUPP));
}

function withoutNamespaces(calls: (typeof SYSTEM_CALLS)[Architecture]): Instruction[] {
  return [
    ...onCall(calls.unshare, [
      load(argument(0)),
      ...failIf(JUMP_ANY_BIT, NEW_NAMESPACES | NEW_TIME, EPERM),
      result(ALLOW),
    ]),
  ];
}

const load = (place: number): Instruction => ({ code: LOAD_WORD, value: place });
const result = (value: number): Instruction => ({ code: RETURN, value });
/** Skips the next instruction. */
const skipIf = (code: number, value: number): Instruction => ({ code, value, onTrue: 1 });
const skipUnless = (code: number, value: number): Instruction => ({ code, value, onFalse: 1 });
const failIf = (code: number, value: number, errno: number): Instruction[] => [
  skipUnless(code, value),
  result(FAIL | errno),
];
/** `body` always returns: what follows it still has the number of the call loaded. */
const onCall = (number: number, body: readonly Instruction[]): Instruction[] => [
  { code: JUMP_EQUAL, value: number, onFalse: body.length },
  ...body,
];

function assembled(instructions: readonly Instruction[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(instructions.length * 8));
  instructions.forEach(({ code, onTrue = 0, onFalse = 0, value }, index) => {
    bytes.setUint16(index * 8, code, true);
    bytes.setUint8(index * 8 + 2, onTrue);
    bytes.setUint8(index * 8 + 3, onFalse);
    bytes.setUint32(index * 8 + 4, value >>> 0, true);
  });
  return new Uint8Array(bytes.buffer);
}
