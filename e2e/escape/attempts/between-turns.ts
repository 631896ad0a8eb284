/** A program that a turn leaves running, and that tries to be at work before the next one. */
export interface RestAttempt {
  /** Unique, `[a-z0-9-]+`: the folder in which it makes what is guarded. */
  readonly name: string;
  /** True when it races with what stops it, or cannot be stopped at all: it has a session of its own. */
  readonly races?: boolean;
  /** A file that it makes when what it needs is there. */
  readonly makes?: string;
  /**
   * Python, after `PRELUDE`. `ready` says that all is prepared; `act` makes what is guarded once the user has given the
   * sign, and returns until then.
   */
  readonly program: string;
}

const CALLS = {
  x64: { clone: 56, ptrace: 101, timerCreate: 222, timerSet: 223, mqOpen: 240, mqNotify: 244 },
  arm64: { clone: 220, ptrace: 117, timerCreate: 107, timerSet: 110, mqOpen: 180, mqNotify: 184 },
}[process.arch === 'arm64' ? 'arm64' : 'x64'];

/** `argv`: the name, and the file that is the user's sign. */
export const PRELUDE = `import ctypes, fcntl, os, signal, struct, subprocess, sys, threading, time
NAME, SIGN = sys.argv[1:3]
c = ctypes.CDLL(None, use_errno=True); c.syscall.restype = ctypes.c_long
CONT = int(signal.SIGCONT)
def ready(): open('ready-' + NAME, 'w')
def act():
    if os.path.exists(SIGN): os.makedirs(NAME + '/.vscode', exist_ok=True)
def fork():
    # A process that ends counts until it is reaped: where too many are left, the next fork is tried again.
    while True:
        try: return os.fork()
        except BlockingIOError: time.sleep(0.001)
def stay():
    while True:
        act()
        time.sleep(0.002)
`;

export const betweenTurns: readonly RestAttempt[] = [
  { name: 'plain', program: 'ready(); stay()' },
  {
    name: 'alarm',
    program: `
def wake(*_): os.kill(os.getpid(), CONT); act()
signal.signal(signal.SIGALRM, wake); signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
ready(); stay()`,
  },
  {
    name: 'alarm-without-handler',
    program: `
if fork() == 0:
    signal.setitimer(signal.ITIMER_REAL, 2); ready(); stay()
signal.signal(signal.SIGCHLD, lambda *_: act()); stay()`,
  },
  {
    name: 'timer-for-itself',
    program: `
event = ctypes.create_string_buffer(struct.pack('Qii48x', 0, CONT, 0)); timer = ctypes.c_int()
c.syscall(${CALLS.timerCreate}, 0, event, ctypes.byref(timer))
c.syscall(${CALLS.timerSet}, timer, 0, ctypes.create_string_buffer(struct.pack('qqqq', 0, 50000000, 0, 50000000)), None)
ready(); stay()`,
  },
  {
    name: 'siblings-that-wake-each-other',
    program: `
first = fork()
if first == 0: time.sleep(0.2); stay()
if fork() == 0:
    ready()
    while True: os.kill(first, CONT); act()
while True:
    os.kill(0, CONT); act()`,
  },
  {
    name: 'threads-that-wake-their-process',
    program: `
def work():
    while True: os.kill(os.getpid(), CONT); act()
for _ in range(8): threading.Thread(target=work).start()
ready()`,
  },
  {
    name: 'forks-without-end',
    races: true,
    program: `
ready()
while True:
    act()
    if fork(): os._exit(0)`,
  },
  {
    name: 'forks-into-other-sessions',
    races: true,
    program: `
ready()
while True:
    if fork(): os._exit(0)
    os.setsid(); act()
    if fork(): os._exit(0)
    act()`,
  },
  {
    name: 'programs-without-end',
    races: true,
    program: `
ready()
while True: subprocess.run(['/bin/sh', '-c', 'test ! -e "$1" || mkdir -p "$2/.vscode"', 'x', SIGN, NAME])`,
  },
  {
    name: 'children-by-vfork',
    races: true,
    program: `
ready()
while True:
    child = c.syscall(${CALLS.clone}, 0x4000 | 17, 0, 0, 0, 0)
    if child == 0: act(); time.sleep(0.02); os._exit(0)
    act()
    if child > 0: os.waitpid(child, 0)`,
  },
  {
    name: 'daemon',
    program: `
if fork(): os._exit(0)
os.setsid()
if fork(): os._exit(0)
for signum in (signal.SIGHUP, signal.SIGTERM, signal.SIGTSTP, signal.SIGTTIN): signal.signal(signum, signal.SIG_IGN)
os.setpgid(0, 0); ready(); stay()`,
  },
  {
    // The kernel lets the stopped processes of a group go on that has become an orphan.
    name: 'orphaned-groups',
    races: true,
    program: `
os.setsid()
def group():
    leader = fork()
    if leader == 0:
        os.setpgid(0, 0)
        if fork() == 0:
            if fork(): os._exit(0)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            end = time.time() + 0.3
            while time.time() < end: act(); time.sleep(0.002)
            os._exit(0)
        time.sleep(0.02); os._exit(0)
ready()
while True:
    group(); act(); time.sleep(0.01)
    try:
        while os.waitpid(-1, os.WNOHANG)[0]: pass
    except ChildProcessError: pass`,
  },
  {
    name: 'traced-by-its-child',
    program: `
c.ptrace.restype = ctypes.c_long; c.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
parent = os.getpid()
c.prctl(0x59616d61, -1, 0, 0, 0)
if fork() == 0:
    c.ptrace(0x4206, parent, 0, 0); ready()
    while True:
        try: os.waitpid(parent, os.WNOHANG | 0x40000000)
        except OSError: pass
        c.ptrace(7, parent, 0, 0); act(); time.sleep(0.001)
stay()`,
  },
  {
    name: 'news-of-a-folder',
    program: `
fd = os.open('.', os.O_RDONLY)
for signum in (CONT, int(signal.SIGIO)):
    try: fcntl.fcntl(fd, 10, signum)
    except OSError: pass
fcntl.fcntl(fd, 1026, 0x8000000f - (1 << 32))
signal.signal(signal.SIGIO, lambda *_: (os.kill(os.getpid(), CONT), act()))
ready(); stay()`,
  },
  {
    name: 'news-of-a-pipe',
    program: `
r, w = os.pipe()
if fork() == 0:
    while True: os.write(w, b'x'); act(); time.sleep(0.002)
fcntl.fcntl(r, fcntl.F_SETOWN, os.getpid())
try: fcntl.fcntl(r, 10, CONT)
except OSError: fcntl.fcntl(r, 10, int(signal.SIGUSR1))
signal.signal(signal.SIGUSR1, lambda *_: act())
fcntl.fcntl(r, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
ready()
while True:
    try: os.read(r, 100)
    except OSError: pass
    act(); time.sleep(0.002)`,
  },
  {
    name: 'message-queue',
    program: `
queue = c.syscall(${CALLS.mqOpen}, b'escape', 0o102, 0o600, None)
c.syscall(${CALLS.mqNotify}, queue, ctypes.create_string_buffer(struct.pack('Qii48x', 0, CONT, 0)))
ready(); stay()`,
  },
  {
    name: 'end-of-a-parent',
    program: `
if fork() == 0:
    c.prctl(1, CONT, 0, 0, 0); ready(); stay()
signal.setitimer(signal.ITIMER_REAL, 2); stay()`,
  },
  {
    name: 'end-of-a-child',
    program: `
child = c.syscall(${CALLS.clone}, CONT, 0, 0, 0, 0)
if child == 0 or (child < 0 and fork() == 0):
    signal.setitimer(signal.ITIMER_REAL, 2); stay()
ready(); stay()`,
  },
  {
    // The attempt uses a namespace where the sandbox allows one: its first process heeds no signal from inside of it.
    name: 'namespace-of-its-own',
    makes: 'namespace-made',
    program: `
if c.unshare(0x10000000 | 0x20000000) != 0: print('no namespace: errno', ctypes.get_errno(), file=sys.stderr, flush=True)
else: open('namespace-made', 'w')
if fork(): os.wait(); os._exit(0)
if fork() == 0:
    while True: os.kill(1, CONT) if os.getpid() != 1 and os.getppid() == 1 else None; act()
ready(); stay()`,
  },
  {
    // Its parent waits in the kernel for it, where no signal reaches.
    name: 'parent-that-waits-for-good',
    races: true,
    program: `
ready()
if c.syscall(${CALLS.clone}, 0x4000 | 17, 0, 0, 0, 0) == 0: stay()`,
  },
];
