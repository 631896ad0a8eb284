import { describe, expect, test } from 'vitest';
import { seccompFilter } from './filter.ts';
import { type Architecture, SYSTEM_CALLS } from './system-calls.ts';

const X64 = 0xc000003e;
const ARM64 = 0xc00000b7;

interface Call {
  readonly audit?: number;
  readonly number: number;
  readonly arguments?: readonly number[];
}

/** What the kernel makes of a call: the few instructions of classic BPF that the filter is made of. */
function verdict(filter: Uint8Array, call: Call & { audit: number }): string {
  const view = new DataView(filter.buffer);
  let accumulator = 0;
  for (let at = 0; ; at++) {
    const code = view.getUint16(at * 8, true);
    const value = view.getUint32(at * 8 + 4, true);
    const jump = (holds: boolean): void => {
      at += view.getUint8(at * 8 + (holds ? 2 : 3));
    };
    if (code === 0x06)
      return value === 0x7fff0000 ? 'allow' : value === 0x80000000 ? 'kill' : `errno ${value & 0xffff}`;
    if (code === 0x20) accumulator = loaded(call, value);
    else if (code === 0x54) accumulator &= value;
    else if (code === 0x15) jump(accumulator === value);
    else if (code === 0x35) jump(accumulator >= value);
    else if (code === 0x45) jump((accumulator & value) !== 0);
    else throw new Error(`an instruction that should not be there: ${code}`);
  }
}

function loaded(call: Call & { audit: number }, place: number): number {
  if (place === 0) return call.number;
  if (place === 4) return call.audit;
  const argument = BigInt(call.arguments?.[Math.floor((place - 16) / 8)] ?? 0);
  return Number(place % 8 === 0 ? argument & 0xffffffffn : argument >> 32n);
}

const decide = (call: Call, options: { architecture?: Architecture; nesting?: boolean } = {}): string => {
  const { architecture = 'x64', nesting = false } = options;
  const audit = architecture === 'x64' ? X64 : ARM64;
  return verdict(seccompFilter({ architecture, nesting }), { audit, ...call });
};

describe.each(['x64', 'arm64'] as const)('the filter for %s', (architecture) => {
  const calls = SYSTEM_CALLS[architecture];
  const ask = (number: number, ...args: number[]) => decide({ number, arguments: args }, { architecture });

  test('lets Internet and netlink sockets be, and nothing else', () => {
    expect([2, 10, 16].map((family) => ask(calls.socket, family))).toEqual(['allow', 'allow', 'allow']);
    expect([0, 1, 17, 38, 40].map((family) => ask(calls.socket, family))).toEqual(Array(5).fill('errno 1'));
    expect([4, 12, 16].map((protocol) => ask(calls.socket, 16, 3, protocol))).toEqual(Array(3).fill('errno 1'));
  });

  test('lets no file have attributes where a namespace gives the right to any', () => {
    const nested = calls.attributes.map((number) => decide({ number }, { architecture, nesting: true }));
    expect(nested).toEqual(Array(4).fill('errno 95'));
    expect(calls.attributes.map((number) => ask(number))).toEqual(Array(4).fill('allow'));
  });

  test('lets pairs of sockets be that are connected for good', () => {
    const flags = 0o2004000;
    expect([1, 5, 1 | flags].map((type) => ask(calls.socketpair, 1, type))).toEqual(['allow', 'allow', 'allow']);
    expect([2, 3, 2 | flags].map((type) => ask(calls.socketpair, 1, type))).toEqual(Array(3).fill('errno 1'));
  });

  test('refuses input into a terminal, and lets other requests be', () => {
    expect([0x5412, 0x541c].map((request) => ask(calls.ioctl, 1, request))).toEqual(['errno 1', 'errno 1']);
    expect(ask(calls.ioctl, 0x5412, 0x5413)).toBe('allow');
  });

  test('refuses every call of its lists, and the same number on another architecture ends the program', () => {
    for (const number of [...calls.denied, ...calls.nesting]) expect(ask(number)).toBe('errno 1');
    expect(decide({ number: 0, audit: 0x40000003 }, { architecture })).toBe('kill');
  });

  test('no file lends its owner’s rights, and other permissions are set', () => {
    for (const { number, mode } of calls.permissions) {
      const asked = (bits: number) => ask(number, ...Array.from({ length: mode }, () => 0o7777), bits);
      expect([0o4755, 0o2755].map(asked)).toEqual(['errno 1', 'errno 1']);
      expect([0o755, 0o1777].map(asked)).toEqual(['allow', 'allow']);
    }
    for (const { number, flags, mode } of calls.opening) {
      const asked = (bits: Record<number, number>) => ask(number, ...[0, 1, 2, 3].map((index) => bits[index] ?? 0));
      expect(asked({ [flags]: 0o101, [mode]: 0o4755 })).toBe('errno 1');
      expect(asked({ [flags]: 0o20200002, [mode]: 0o2755 })).toBe('errno 1');
      expect(asked({ [flags]: 0o101, [mode]: 0o755 })).toBe('allow');
      // Permissions mean nothing where nothing is made.
      expect(asked({ [flags]: 0o2, [mode]: 0o4755 })).toBe('allow');
    }
    expect(ask(calls.openat2)).toBe('errno 38');
  });

  test('no program orders a signal that would let it go on while it is stopped, and others it may order', () => {
    for (const number of calls.laterSignals) {
      expect([1, 0x7ffe_0000_1000, 0x1_0000_0000].map((memory) => ask(number, 0, memory))).toEqual(
        Array(3).fill('errno 38'),
      );
      // A timer without a description sends SIGALRM, which waits for as long as the program is stopped.
      expect(ask(number, 0, 0)).toBe('allow');
    }
    expect([9, 18].map((signal) => ask(calls.fcntl, 3, 10, signal))).toEqual(['errno 1', 'errno 1']);
    expect([0, 29, 34].map((signal) => ask(calls.fcntl, 3, 10, signal))).toEqual(Array(3).fill('allow'));
    expect(ask(calls.fcntl, 3, 4, 18)).toBe('allow');
    expect([9, 15, 18].map((signal) => ask(calls.prctl, 1, signal))).toEqual(['allow', 'allow', 'errno 1']);
    expect(ask(calls.prctl, 4, 18)).toBe('allow');
    expect([17, 0, 9].map((signal) => ask(calls.clone, signal))).toEqual(Array(3).fill('allow'));
    expect([18, 0x100 | 18].map((flags) => ask(calls.clone, flags))).toEqual(['errno 1', 'errno 1']);
  });

  test('no namespace is made, and threads and processes are', () => {
    expect(ask(calls.clone3)).toBe('errno 38');
    expect(ask(calls.clone, 0x10000000 | 17)).toBe('errno 1');
    expect(ask(calls.unshare, 0x10000000)).toBe('errno 1');
    expect(ask(calls.unshare, 0x80)).toBe('errno 1');
    expect(ask(calls.clone, 17)).toBe('allow');
    // As the C library makes a thread.
    expect(ask(calls.clone, 0x3d0f00)).toBe('allow');
    expect(ask(calls.unshare, 0x400)).toBe('allow');
  });

  test('a program with a sandbox of its own may make namespaces and mounts, and nothing more', () => {
    const nested = (number: number, ...args: number[]) =>
      decide({ number, arguments: args }, { architecture, nesting: true });
    for (const number of calls.nesting) expect(nested(number)).toBe('allow');
    expect(nested(calls.unshare, 0x10000000)).toBe('allow');
    expect(nested(calls.clone, 0x10000000 | 17)).toBe('allow');
    expect(nested(calls.clone, 0x10000000 | 18)).toBe('errno 1');
    expect(nested(calls.clone3)).toBe('errno 38');
    for (const number of calls.denied) expect(nested(number)).toBe('errno 1');
    expect(nested(calls.socket, 1)).toBe('errno 1');
  });
});

test('the x32 convention is refused on x64: the same calls have other numbers there', () => {
  expect(decide({ number: 0x40000000 + 41, arguments: [1] })).toBe('errno 1');
  expect(decide({ number: 0x3fffffff })).toBe('allow');
});
