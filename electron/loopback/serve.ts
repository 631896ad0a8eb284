import { join } from 'node:path';
import { PerchError } from '../../shared/errors/perch-error.ts';
import { createClient } from '../core/api/client.ts';
import { connectLocalSocket } from '../core/api/local-socket.ts';
import { createApp } from '../core/app.ts';
import { createNodeHostPorts } from '../core/node-host/host-ports.ts';
import { createNodeOpener } from '../core/node-host/opener.ts';
import { settleMemory } from '../core/node-host/settle-memory.ts';
import type { BootLog } from '../core/ports.ts';
import { systemClock } from '../node/clock.ts';
import { dataDirectory } from '../node/data-directory.ts';
import { parseServeArguments, type ServeArguments } from './arguments.ts';
import type { Interruptible } from './interrupt.ts';
import { type LoopbackServer, startLoopbackServer } from './server.ts';
import { loadWindowFiles } from './window-files.ts';

/** The process, as far as serving needs it. */
interface ServeHost {
  readonly args: readonly string[];
  readonly version: string;
  /** `dist/` of this installation. */
  readonly programsDir: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  readonly bootLog?: BootLog;
  write(text: string): void;
  /** Resolves when the user or the system asks to end. */
  readonly stopped: Promise<void>;
  /** Called with the core once a window of it is served. */
  readonly onServing?: (app: Interruptible) => void;
  /** Makes `stopped` resolve: the core asks for it. */
  readonly end?: () => void;
}

interface WindowAddress {
  readonly url: string;
  readonly pid: number | undefined;
  /** Only of a window that this process serves. */
  readonly dispose?: () => Promise<void>;
}

/**
 * `perch serve`: the window on loopback, until it is told to stop. Where a core runs already that serves a window,
 * it prints a fresh address of that one and ends.
 * @throws PerchError USAGE, PORT_TAKEN, PORT_NOT_ALLOWED, ALREADY_RUNNING, DATA_DIRECTORY_NOT_WRITABLE, …
 */
export async function serve(host: ServeHost): Promise<void> {
  const args = parseServeArguments(host.args);
  const window = await reachWindow(host, args);
  announce(host, args, window);
  if (window.dispose === undefined) return;
  await host.stopped;
  await window.dispose();
}

/** A core that starts or ends has moments in which it neither serves a window nor makes room. */
const MAX_TRIES = 5;

async function reachWindow(host: ServeHost, args: ServeArguments): Promise<WindowAddress> {
  for (let tries = 1; ; tries++) {
    const elsewhere = await runningWindow(dataDirectory(host));
    if (elsewhere !== undefined) return elsewhere;
    try {
      return await open(host, args);
    } catch (error) {
      const another = error instanceof PerchError && error.code === 'ALREADY_RUNNING';
      if (!another || tries === MAX_TRIES) throw error;
    }
  }
}

async function open(host: ServeHost, { port }: ServeArguments): Promise<WindowAddress> {
  const files = loadWindowFiles(join(host.programsDir, 'renderer'));
  let server: LoopbackServer | undefined;
  const windowUrl = () => {
    if (server === undefined) throw new PerchError('NOT_FOUND');
    return server.windowUrl();
  };
  const ports = createNodeHostPorts({ ...host, kind: 'loopback', windowUrl });
  const app = await createApp(ports);
  try {
    server = await startLoopbackServer({ app, files, port, clock: ports.clock });
  } catch (error) {
    await app.dispose();
    throw error;
  }
  const opened = server;
  host.onServing?.(app);
  settleMemory(ports.clock);
  const dispose = async () => {
    await opened.close();
    await app.dispose();
  };
  return { url: opened.windowUrl(), pid: host.pid, dispose };
}

/** A fresh address from the core that runs for this data directory; undefined when there is none that serves one. */
async function runningWindow(dataDir: string): Promise<WindowAddress | undefined> {
  const carrier = await connectLocalSocket(dataDir);
  if (carrier === null) return undefined;
  const client = createClient(carrier);
  try {
    const { url, pid } = await client.call('host.windowUrl', {});
    return { url, pid };
  } catch {
    // A process that wants to take its place learns from the lock whether it is still there.
    return undefined;
  } finally {
    client.close();
  }
}

function announce(host: ServeHost, { json, open }: ServeArguments, { url, pid }: WindowAddress): void {
  const line = json
    ? JSON.stringify({ url, pid, port: Number(new URL(url).port) })
    : `Perch is at ${url}\nThe link opens once, within ten minutes; \`perch serve\` prints a new one.`;
  host.write(`${line}\n`);
  if (open) void createNodeOpener({ environment: host.environment, clock: systemClock }).openInBrowser(url);
}
