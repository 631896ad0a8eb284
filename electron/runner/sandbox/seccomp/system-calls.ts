/** The architectures that a filter exists for, by Node's names. */
export type Architecture = 'x64' | 'arm64';

interface SystemCalls {
  /** `AUDIT_ARCH_*` of linux/audit.h. */
  readonly audit: number;
  /** Numbers from here on belong to another calling convention (x32), with other meanings. */
  readonly foreignFrom: number | undefined;
  readonly socket: number;
  readonly socketpair: number;
  readonly ioctl: number;
  readonly clone: number;
  readonly clone3: number;
  readonly unshare: number;
  readonly openat2: number;
  readonly fcntl: number;
  readonly prctl: number;
  /** Calls whose second argument, when there is one, says which signal the kernel sends later. */
  readonly laterSignals: readonly number[];
  /** Calls that set a file's permissions, and which argument those are. */
  readonly permissions: readonly { readonly number: number; readonly mode: number }[];
  /** Calls that take permissions only for a file that they make, as their flags say. */
  readonly opening: readonly { readonly number: number; readonly flags: number; readonly mode: number }[];
  /** Never of use to an agent: the kernel's own attack surface, other processes' memory, keys, the machine. */
  readonly denied: readonly number[];
  /** Calls that give a file attributes: among them are capabilities, which the creator of a namespace may give. */
  readonly attributes: readonly number[];
  /** Calls that a further sandbox inside needs: mounts and namespaces. */
  readonly nesting: readonly number[];
}

/** The numbers are equal on every architecture since Linux 5.1. */
const COMMON = {
  openat2: 437,
  fchmodat2: { number: 452, mode: 2 },
  setxattrat: 463,
  // io_uring opens sockets without `socket`.
  denied: [/* io_uring_setup, _enter, _register */ 425, 426, 427, /* pidfd_getfd */ 438, /* quotactl_fd */ 443],
  nesting: [
    /* open_tree, move_mount, fsopen, fsconfig, fsmount, fspick */ 428, 429, 430, 431, 432, 433,
    /* mount_setattr, open_tree_attr */ 442, 467,
  ],
} as const;

/** Source: the kernel's syscall_64.tbl and asm-generic/unistd.h. */
export const SYSTEM_CALLS: Readonly<Record<Architecture, SystemCalls>> = {
  x64: {
    audit: 0xc000003e,
    foreignFrom: 0x40000000,
    socket: 41,
    socketpair: 53,
    ioctl: 16,
    clone: 56,
    clone3: 435,
    unshare: 272,
    openat2: COMMON.openat2,
    fcntl: 72,
    prctl: 157,
    laterSignals: [/* timer_create, mq_notify */ 222, 244],
    permissions: [
      COMMON.fchmodat2,
      .../* chmod, fchmod, creat, mknod */ [90, 91, 85, 133].map((number) => ({ number, mode: 1 })),
      .../* fchmodat, mknodat */ [268, 259].map((number) => ({ number, mode: 2 })),
    ],
    opening: [
      { /* open */ number: 2, flags: 1, mode: 2 },
      { /* openat */ number: 257, flags: 2, mode: 3 },
    ],
    denied: [
      ...COMMON.denied,
      .../* ptrace, process_vm_readv, process_vm_writev, kcmp */ [101, 310, 311, 312],
      .../* add_key, request_key, keyctl */ [248, 249, 250],
      .../* bpf, userfaultfd, perf_event_open */ [321, 323, 298],
      .../* kexec_load, kexec_file_load, init_module, finit_module, delete_module */ [246, 320, 175, 313, 176],
      .../* swapon, swapoff, reboot, acct, quotactl, syslog, vhangup */ [167, 168, 169, 163, 179, 103, 153],
      .../* settimeofday, clock_settime, clock_adjtime */ [164, 227, 305],
      .../* open_by_handle_at, lookup_dcookie, nfsservctl, fanotify_init */ [304, 212, 180, 300],
      .../* iopl, ioperm, modify_ldt, uselib, _sysctl */ [172, 173, 154, 134, 156],
    ],
    attributes: [/* setxattr, lsetxattr, fsetxattr */ 188, 189, 190, COMMON.setxattrat],
    nesting: [...COMMON.nesting, .../* mount, umount2, pivot_root, chroot, setns */ [165, 166, 155, 161, 308]],
  },
  arm64: {
    audit: 0xc00000b7,
    foreignFrom: undefined,
    socket: 198,
    socketpair: 199,
    ioctl: 29,
    clone: 220,
    clone3: 435,
    unshare: 97,
    openat2: COMMON.openat2,
    fcntl: 25,
    prctl: 167,
    laterSignals: [/* timer_create, mq_notify */ 107, 184],
    permissions: [
      COMMON.fchmodat2,
      { /* fchmod */ number: 52, mode: 1 },
      .../* fchmodat, mknodat */ [53, 33].map((number) => ({ number, mode: 2 })),
    ],
    opening: [{ /* openat */ number: 56, flags: 2, mode: 3 }],
    denied: [
      ...COMMON.denied,
      .../* ptrace, process_vm_readv, process_vm_writev, kcmp */ [117, 270, 271, 272],
      .../* add_key, request_key, keyctl */ [217, 218, 219],
      .../* bpf, userfaultfd, perf_event_open */ [280, 282, 241],
      .../* kexec_load, kexec_file_load, init_module, finit_module, delete_module */ [104, 294, 105, 273, 106],
      .../* swapon, swapoff, reboot, acct, quotactl, syslog, vhangup */ [224, 225, 142, 89, 60, 116, 58],
      .../* settimeofday, clock_settime, clock_adjtime */ [170, 112, 266],
      .../* open_by_handle_at, lookup_dcookie, nfsservctl, fanotify_init */ [265, 18, 42, 262],
    ],
    attributes: [/* setxattr, lsetxattr, fsetxattr */ 5, 6, 7, COMMON.setxattrat],
    nesting: [...COMMON.nesting, .../* mount, umount2, pivot_root, chroot, setns */ [40, 39, 41, 51, 268]],
  },
};
