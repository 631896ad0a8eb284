import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { createLineSplitter } from '../../../shared/json-rpc/framing.ts';
import { createLineCarrier } from '../../../shared/json-rpc/line-carrier.ts';
import type { RunnerExit, RunnerProcess, RunnerStarter } from '../ports.ts';

type Started = Pick<ChildProcess, 'pid' | 'exitCode' | 'signalCode' | 'once' | 'kill'> &
  Partial<Pick<ChildProcess, 'stdin' | 'stdout' | 'stderr' | 'stdio'>>;

/** Characters of one line of stderr that are kept; a longer one ends the reading of stderr, with a note. */
const MAX_STDERR_LINE = 64 * 1024;
/**
 * Milliseconds that pipes may stay open after the exit: a process that left the group holds them, and no reader waits.
 */
const PIPES_AFTER_EXIT = 500;

/**
 * Starts the runner as a plain child process: JSON lines on stdin and stdout. On POSIX it leads its own process
 * group, so that `kill` takes everything in it; a runner whose stdin ends (ours does when we die) ends itself, and one
 * that hangs is ended by the guard at the other end of the lifeline, on descriptor 3.
 * `environment` is exact: nothing of ours is added. It may ask for V8's collector, once its start is over.
 */
export function createChildProcessStarter(options: {
  nodeExecutable: string;
  runnerFile: string;
  environment: Readonly<Record<string, string>>;
}): RunnerStarter {
  return {
    start() {
      const posix = process.platform !== 'win32';
      const args = ['--expose-gc', options.runnerFile, ...(posix ? ['--lifeline'] : [])];
      const child = spawn(options.nodeExecutable, args, {
        env: options.environment,
        stdio: ['pipe', 'pipe', 'pipe', posix ? 'pipe' : 'ignore'],
        detached: posix,
        windowsHide: true,
      });
      return wrap(child);
    },
  };
}

/** Without a free descriptor there is no pipe at all: that it could not be started is told like any other reason. */
function wrap(child: Started): RunnerProcess {
  const { promise: exited, resolve } = Promise.withResolvers<RunnerExit>();
  const line = createLineCarrier({
    write: (text) => void child.stdin?.write(text),
    close: () => void child.stdin?.end(),
  });
  const lifeline = child.stdio?.[3] as Duplex | null | undefined;
  // A runner that is gone breaks the pipe; its exit is what tells so.
  for (const pipe of [child.stdin, lifeline]) pipe?.on('error', () => {});
  child.stdout?.setEncoding('utf8').on('data', line.push);
  child.stdout?.on('close', () => line.end({ kind: 'ended', message: 'the runner closed its output' }));
  child.once('error', (error) => {
    // A child that runs and could not be signalled also says `error`: that is no failed start.
    if (child.pid !== undefined) return;
    line.end({ kind: 'failed', message: error.message });
    resolve({ exitCode: null, signal: null, startError: error.message });
  });
  child.once('exit', (exitCode, signal) => {
    // Whatever it left behind in its group would outlive it, and hold its pipes open.
    killGroup(child.pid);
    lifeline?.destroy();
    const giveUp = setTimeout(() => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, PIPES_AFTER_EXIT);
    // The last output is read before the exit is reported.
    child.once('close', () => {
      clearTimeout(giveUp);
      resolve({ exitCode, signal });
    });
  });

  return {
    carrier: line.carrier,
    pid: child.pid,
    exited,
    onStderrLine: (listener) => readLines(child, listener),
    kill() {
      if (child.exitCode === null && child.signalCode === null) killTree(child);
    },
  };
}

function readLines(child: Started, listener: (line: string) => void): void {
  const splitter = createLineSplitter({
    maxChars: MAX_STDERR_LINE,
    onLine: listener,
    onViolation: (message) => listener(`[stderr is not read any further: ${message}]`),
  });
  child.stderr?.setEncoding('utf8').on('data', splitter.push);
  child.stderr?.on('close', splitter.end);
}

function killTree(child: Started): void {
  if (process.platform !== 'win32') {
    killGroup(child.pid);
    return;
  }
  // Windows has no groups: taskkill walks the tree.
  spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { windowsHide: true, stdio: 'ignore' }).once('error', () =>
    child.kill(),
  );
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined || process.platform === 'win32') return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: the group is empty. EPERM (macOS): only zombies are left.
    if (!['ESRCH', 'EPERM'].includes(String((error as NodeJS.ErrnoException).code))) throw error;
  }
}
