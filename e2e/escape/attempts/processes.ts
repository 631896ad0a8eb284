import { linkSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Attempt, python, secretLooted, tokenLooted, tokenReceived } from '../attempt.ts';

/** Any process of the host that carries the token in its command line. */
export function runningWith(token: string): boolean {
  return readdirSync('/proc').some((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(token);
    } catch {
      return false;
    }
  });
}

const survives = (name: string, script: string): Attempt => ({
  name,
  script,
  escaped: (_, token) => runningWith(token),
});
/** Stays for ten minutes unless somebody ends it, or whoever judges it does. */
const STAY = 'exec -a "$TOKEN" sleep 600';

const unix = (name: string, path: string): Attempt => ({
  name,
  script: python(`
import socket
s = socket.socket(socket.AF_UNIX); s.connect(${path}); s.sendall(E['TOKEN'].encode()); s.recv(10)`),
  escaped: tokenReceived,
});

/** A system call whose answer is a new descriptor or 0; outside it works, so does it where no filter is. */
const call = (name: string, text: string, onlyAsRoot = false): Attempt => ({
  name,
  onlyAsRoot,
  script: python(`
import ctypes
c = ctypes.CDLL(None, use_errno=True); c.syscall.restype = ctypes.c_long
${text}
if r >= 0: print(E['TOKEN'])`),
  escaped: tokenLooted,
});

export const processes: readonly Attempt[] = [
  {
    name: 'processes-of-the-host',
    script:
      'ls -d /proc/$VICTIM && tr "\\0" " " < /proc/$VICTIM/cmdline | grep -q SHARED_SECRET_VICTIM && echo "$TOKEN"',
    escaped: tokenLooted,
  },
  {
    name: 'signal-to-the-host',
    script: 'kill -9 $TARGET; python3 -c "import os; os.kill(int(os.environ[\'TARGET\']), 9)"',
    escaped: ({ world }) => world.variables.TARGET !== undefined && !runningWith(`TARGET.${world.secret}`),
  },
  {
    name: 'memory-by-file',
    script: python(`
m = os.open('/proc/' + E['VICTIM'] + '/mem', os.O_RDONLY); print(os.pread(m, 100, int(E['ADDRESS'])))`),
    escaped: secretLooted,
  },
  {
    name: 'memory-by-call',
    script: python(`
import ctypes
class V(ctypes.Structure): _fields_ = [('p', ctypes.c_void_p), ('n', ctypes.c_size_t)]
b = ctypes.create_string_buffer(100); l = V(ctypes.addressof(b), 100); r = V(int(E['ADDRESS']), 100)
ctypes.CDLL(None).process_vm_readv(int(E['VICTIM']), ctypes.byref(l), 1, ctypes.byref(r), 1, 0); print(b.raw)`),
    escaped: secretLooted,
  },
  {
    name: 'memory-by-tracing',
    script: python(`
import ctypes
c = ctypes.CDLL(None); c.ptrace.restype = ctypes.c_long; c.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
pid = int(E['VICTIM'])
assert c.ptrace(0x4206, pid, 0, 0) == 0
c.ptrace(0x4207, pid, 0, 0); os.waitpid(pid, 0x40000000)
print(b''.join((c.ptrace(1, pid, int(E['ADDRESS']) + 8 * i, 0) & (2**64 - 1)).to_bytes(8, 'little') for i in range(12)))
c.ptrace(17, pid, 0, 0)`),
    escaped: secretLooted,
  },
  {
    name: 'memory-shared',
    script: python(`
import ctypes
c = ctypes.CDLL(None); c.shmat.restype = ctypes.c_void_p
i = c.shmget(int(E['SHARED_KEY']), 0, 0o600)
assert i >= 0
print(ctypes.string_at(c.shmat(i, None, 0o10000), 100))`),
    escaped: secretLooted,
  },
  unix('container-engine', "E['SOCKETS'] + '/docker.sock'"),
  unix('ssh-agent', "E['SOCKETS'] + '/ssh-agent.sock'"),
  unix('session-bus', "E['SOCKETS'] + '/bus'"),
  {
    name: 'session-bus-by-a-tool',
    script: 'printf "\\0AUTH EXTERNAL %s\\r\\n" "$TOKEN" | socat -T 3 - "UNIX-CONNECT:$SOCKETS/bus"',
    escaped: tokenReceived,
  },
  unix('abstract-socket', "chr(0) + E['ABSTRACT']"),
  {
    ...unix('socket-in-the-project', "'sockets/docker.sock'"),
    prepare({ project, variables }) {
      mkdirSync(join(project, 'sockets'));
      linkSync(join(variables.SOCKETS ?? '', 'docker.sock'), join(project, 'sockets/docker.sock'));
    },
  },
  {
    name: 'datagram-socket',
    script: python(`
import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); a, b = 1, 2
print(E['TOKEN'])`),
    escaped: tokenLooted,
  },
  {
    // One of a pair that is not connected for good can be told another name, and reach another one.
    name: 'datagram-socket-of-a-pair',
    script: python(`
import socket
a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
a.bind('bound-' + E['TOKEN']); b.connect('bound-' + E['TOKEN'])`),
    escaped: ({ world }, token) => world.exists(join(world.project, `bound-${token}`)),
  },
  {
    name: 'raw-socket-of-a-pair',
    script: python(`
import socket
a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_RAW)
a.bind('raw-' + E['TOKEN'])`),
    escaped: ({ world }, token) => world.exists(join(world.project, `raw-${token}`)),
  },
  ...[4, 12, 15, 16].map((protocol) =>
    call(
      `netlink-${protocol}`,
      `import socket; r = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, ${protocol}).fileno()`,
    ),
  ),
  call('vsock', 'import socket; r = socket.socket(socket.AF_VSOCK).fileno() if hasattr(socket, "AF_VSOCK") else -1'),
  call('io-uring', 'p = ctypes.create_string_buffer(512); r = c.syscall(425, 4, p)'),
  call('kernel-keyring', "r = c.syscall(248, b'user', b'perch-escape', b'x', 1, -3)"),
  call('new-user-namespace', 'r = c.unshare(0x10000000)'),
  call('new-namespace-by-clone', 'r = c.syscall(56, 0x10000000 | 17, 0, 0, 0, 0)\nif r == 0: os._exit(0)'),
  call(
    'new-namespace-by-clone3',
    'a = (ctypes.c_uint64 * 11)(0x10000000, 0, 0, 0, 17); r = c.syscall(435, a, 88)\nif r == 0: os._exit(0)',
  ),
  call('user-faults', 'r = c.syscall(323, 1)'),
  call('kernel-programs', 'a = (ctypes.c_uint32 * 32)(2, 4, 4, 1); r = c.syscall(321, 0, a, 72)', true),
  call(
    'performance-counters',
    'a = (ctypes.c_uint32 * 32)(1, 128); a[10] = 0x61; r = c.syscall(298, a, 0, -1, -1, 0)',
    true,
  ),
  call('trace-oneself', 'r = c.ptrace(0, 0, 0, 0)'),
  call('raw-packets', 'import socket; r = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0).fileno()', true),
  call('host-name', 'r = c.sethostname(os.uname().nodename.encode(), len(os.uname().nodename))', true),
  call('new-root', "r = c.chroot(b'.')", true),
  {
    name: 'input-into-a-terminal',
    script: python(`
import fcntl, pty, termios
m, s = pty.openpty()
fcntl.ioctl(s, 0x5412, b'x')
print(E['TOKEN'])`),
    onlyAsRoot: true,
    escaped: tokenLooted,
  },
  {
    // The same call by its number of 32-bit programs, which a filter of 64-bit numbers does not know.
    name: 'calls-of-32-bit',
    script: python(`
import ctypes, mmap
code = bytes.fromhex('53b867010000bb01000000b90100000031d2cd805bc3')
m = mmap.mmap(-1, 4096, prot=7); m.write(code)
f = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(m)))
if f() >= 0: print(E['TOKEN'])`),
    escaped: tokenLooted,
  },
  survives('outlives-in-background', `(${STAY}) >/dev/null 2>&1 </dev/null &`),
  survives('outlives-as-daemon', `setsid bash -c '(${STAY}) </dev/null >/dev/null 2>&1 &' </dev/null >/dev/null 2>&1`),
  survives('outlives-without-hangup', `nohup bash -c '${STAY}' </dev/null >/dev/null 2>&1 &`),
  survives(
    'outlives-signals',
    `(trap "" TERM HUP INT QUIT; setsid bash -c 'trap "" TERM HUP INT; ${STAY}') >/dev/null 2>&1 </dev/null &`,
  ),
  survives(
    'outlives-by-double-fork',
    python(`
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 100); os.execv('/bin/sleep', [E['TOKEN'], '600'])
    os._exit(0)
os.wait()`),
  ),
];
