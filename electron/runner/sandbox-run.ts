import { connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { PerchError } from '../../shared/errors/perch-error.ts';
import { sharesFiles } from '../../shared/model/shared-folder.ts';
import type { RunnerParams, RunnerResult } from '../../shared/runner-protocol/protocol.ts';
import type { Clock } from '../node/clock.ts';
import { checkEnvironment } from './environment.ts';
import { openFence } from './fence.ts';
import type { Log } from './log.ts';
import { startProgram } from './process/program.ts';
import { killTree, type ProcessTree } from './process/stop.ts';
import type { WatchProcess } from './process/watch.ts';
import type { Sandbox } from './sandbox/sandbox.ts';

export interface SandboxRuns {
  run(params: RunnerParams<'sandbox.run'>): Promise<RunnerResult<'sandbox.run'>>;
  /** A program is at work in a folder that shares files with this one, or what it left is being looked through. */
  isAtWork(directory: string): boolean;
  killAll(): Promise<void>;
}

/** Bytes that may wait for a slow reader before the program is held back. */
const HIGH_WATER = 16 * 1024 * 1024;

/** Single programs in an agent's sandbox, joined to the standard streams of a caller. */
export function createSandboxRuns(deps: {
  readonly sandbox: Sandbox;
  readonly noSandbox: Sandbox;
  readonly clock: Clock;
  readonly log: Log;
  readonly watchProcess: WatchProcess;
}): SandboxRuns {
  const { clock } = deps;
  const running = new Map<ProcessTree, Promise<unknown>>();
  const places = new Map<symbol, string>();
  const say = (message: string): void => deps.log({ level: 'info', source: 'sandbox', message });

  async function run(params: RunnerParams<'sandbox.run'>): Promise<RunnerResult<'sandbox.run'>> {
    const { name, command, args, environment, policy, stdio } = params;
    checkEnvironment(environment);
    const sandbox = policy.enforcement === 'off' ? deps.noSandbox : deps.sandbox;
    const streams = await Promise.all([0, 1, 2].map((which) => open(stdio, which)));
    const [input, output, errors] = streams as [Socket, Socket, Socket];
    const place = Symbol(name);
    places.set(place, policy.workingDirectory);
    try {
      const fence = await openFence({
        sandbox,
        policy,
        upstream: params.upstreamProxy,
        clock,
        onProxyProblem: (problem) => say(`the proxy of the network, for ${name}: ${problem}`),
        onRefused: ({ host, port }) => say(`refused for ${name}: ${host}:${port}`),
        onGone: (reason) => say(`the way out of ${name} is gone: ${reason}`),
      });
      try {
        const launch = sandbox.wrap({ command, args, environment, ...fence.request }, policy);
        const program = startProgram(launch.spec, clock);
        deps.watchProcess('program', program);
        const tree: ProcessTree = { program, namespaceRoot: launch.namespaceRoot };
        // The end of the input is no more than that. Who listens no longer has gone, or was interrupted.
        for (const socket of streams) socket.once('close', () => void killTree(tree, clock));
        for (const socket of [output, errors]) socket.once('end', () => socket.destroy()).resume();
        input.pipe(program.stdin);
        forward(program.stdout, output);
        forward(program.stderr, errors);
        running.set(tree, program.exited);
        const { exitCode, signal, startError } = await program.exited.finally(() => running.delete(tree));
        if (startError !== undefined) throw new PerchError('SANDBOX_FAILED', { reason: startError });
        await Promise.all([flushed(output), flushed(errors)]);
        const found = await fence.close();
        return { exitCode, signal, quarantined: found.map(({ path }) => path) };
      } catch (error) {
        await fence.close();
        throw error;
      }
    } finally {
      places.delete(place);
      for (const stream of streams) stream.destroy();
    }
  }

  return {
    run,
    isAtWork: (directory) => [...places.values()].some((place) => sharesFiles(place, directory)),
    async killAll() {
      await Promise.all([...running.keys()].map((tree) => killTree(tree, clock)));
    },
  };
}

/** @throws PerchError INVALID_PARAMS when the socket has no listener */
function open(path: string, which: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path, allowHalfOpen: true });
    socket.once('connect', () => {
      socket.off('error', refuse).on('error', () => undefined);
      socket.write(Uint8Array.of(which));
      resolve(socket);
    });
    const refuse = (error: Error): void =>
      reject(new PerchError('INVALID_PARAMS', { where: `stdio: ${error.message}` }));
    socket.once('error', refuse);
  });
}

function forward(from: Readable, to: Socket): void {
  from.on('data', (data: Buffer) => {
    if (to.destroyed) return;
    to.write(data);
    if (to.writableLength < HIGH_WATER) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
}

function flushed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) resolve();
    socket.once('close', () => resolve());
    socket.end(() => resolve());
  });
}
