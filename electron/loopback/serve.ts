import { join } from 'node:path';
import { PerchError } from '../../shared/errors/perch-error.ts';
import { createClient } from '../core/api/client.ts';
import { connectLocalSocket } from '../core/api/local-socket.ts';
import { createApp } from '../core/app.ts';
import { createNodeHostPorts } from '../core/node-host/host-ports.ts';
import { createNodeOpener } from '../core/node-host/opener.ts';
import { dataDirectory } from '../core/node-host/paths.ts';
import { systemClock } from '../core/node-host/system-clock.ts';
import { parseServeArguments, type ServeArguments } from './arguments.ts';
import { type LoopbackServer, startLoopbackServer } from './server.ts';
import { loadWindowFiles } from './window-files.ts';

/** The process, as far as serving needs it. */
export interface ServeHost {
  readonly args: readonly string[];
  readonly version: string;
  /** `dist/` of this installation. */
  readonly programsDir: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  write(text: string): void;
  /** Resolves when the user or the system asks to end. */
  readonly stopped: Promise<void>;
}

interface WindowAddress {
  readonly url: string;
  readonly pid: number | undefined;
}

/**
 * `perch serve`: the window on loopback, until it is told to stop. Where a core runs already that serves a window,
 * it prints a fresh address of that one and ends.
 * @throws PerchError USAGE, PORT_TAKEN, PORT_NOT_ALLOWED, ALREADY_RUNNING, DATA_DIRECTORY_NOT_WRITABLE, …
 */
export async function serve(host: ServeHost): Promise<void> {
  const args = parseServeArguments(host.args);
  const elsewhere = await runningWindow(dataDirectory(host));
  if (elsewhere !== undefined) return announce(host, args, elsewhere);
  const { server, dispose } = await open(host, args);
  announce(host, args, { url: server.windowUrl(), pid: host.pid });
  await host.stopped;
  await dispose();
}

async function open(
  host: ServeHost,
  { port }: ServeArguments,
): Promise<{ server: LoopbackServer; dispose: () => Promise<void> }> {
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
  const dispose = async () => {
    await opened.close();
    await app.dispose();
  };
  return { server: opened, dispose };
}

/** A fresh address from the core that runs for this data directory; undefined when none runs. */
async function runningWindow(dataDir: string): Promise<WindowAddress | undefined> {
  const carrier = await connectLocalSocket(dataDir);
  if (carrier === null) return undefined;
  const client = createClient(carrier);
  try {
    const { url, pid } = await client.call('host.windowUrl', {});
    return { url, pid };
  } catch (error) {
    // It runs, and serves no window: as for one that does not answer, there can be no second core beside it.
    throw new PerchError('ALREADY_RUNNING', { directory: dataDir }, { cause: error });
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
