import type { UtilityProcess, utilityProcess } from 'electron';
import { createCarrierEnd } from '../../../shared/json-rpc/carrier-end.ts';
import { createLineSplitter } from '../../../shared/json-rpc/framing.ts';
import type { RunnerExit, RunnerProcess, RunnerStarter } from '../../core/ports.ts';

/** Characters of one line of output that are kept. */
const MAX_OUTPUT_LINE = 64 * 1024;

/**
 * Starts the runner as a utility process: in a packed application the `runAsNode` fuse is off, so there is no other way
 * to run Node. The messages are the texts that a pipe would carry, one per message. When the main process dies,
 * Electron ends the utility process.
 */
export function createUtilityProcessStarter(options: {
  fork: typeof utilityProcess.fork;
  runnerFile: string;
  environment: Readonly<Record<string, string>>;
}): RunnerStarter {
  const { fork, runnerFile, environment } = options;
  return {
    start: () => wrap(fork(runnerFile, [], { env: { ...environment }, stdio: 'pipe', serviceName: 'Perch runner' })),
  };
}

function wrap(child: UtilityProcess): RunnerProcess {
  const { promise: exited, resolve } = Promise.withResolvers<RunnerExit>();
  const stderrListeners: ((line: string) => void)[] = [];
  const tell = (line: string) => {
    for (const listener of stderrListeners) listener(line);
  };
  let gone = false;
  const end = createCarrierEnd({
    send: (text) => child.postMessage(text),
    // There is no stdin to end; by now its sessions are closed, or nothing it says can be trusted.
    close: () => void child.kill(),
  });

  child.on('message', (message: unknown) => {
    if (typeof message === 'string') end.receive(message);
    else end.carrier.close({ kind: 'protocol-violation', message: 'a message that is no text' });
  });
  child.on('error', (type, location) => tell(`${type} at ${location}`));
  child.once('exit', (exitCode) => {
    gone = true;
    end.ended({ kind: 'ended', message: 'the runner exited' });
    resolve({ exitCode, signal: null });
  });
  // Neither carries messages here: whatever is written there is stray.
  for (const stream of [child.stdout, child.stderr]) readLines(stream, tell);

  return {
    carrier: end.carrier,
    get pid() {
      return child.pid;
    },
    exited,
    onStderrLine: (listener) => void stderrListeners.push(listener),
    kill() {
      if (!gone) killHard(child);
    },
  };
}

function readLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  const splitter = createLineSplitter({
    maxChars: MAX_OUTPUT_LINE,
    onLine,
    onViolation: (message) => onLine(`[not read any further: ${message}]`),
  });
  stream?.setEncoding('utf8');
  stream?.on('data', splitter.push);
  stream?.on('end', splitter.end);
}

/** Electron's own `kill` asks with SIGTERM on POSIX, which a process that hangs never hears. */
function killHard(child: UtilityProcess): void {
  if (process.platform === 'win32' || child.pid === undefined) {
    child.kill();
    return;
  }
  try {
    process.kill(child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
