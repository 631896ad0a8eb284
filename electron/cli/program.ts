import { randomUUID } from 'node:crypto';
import { watch } from 'node:fs';
import { basename, join } from 'node:path';
import { connectLocalSocket } from '../core/api/local-socket.ts';
import { createNodeHostPorts } from '../core/node-host/host-ports.ts';
import type { BootLog } from '../core/ports.ts';
import { createTokenSense } from '../core/providers/token-sense.ts';
import { createDoctorWithoutCore } from '../core/upkeep/doctor/doctor.ts';
import { systemClock } from '../node/clock.ts';
import { dataDirectory } from '../node/data-directory.ts';
import { runCli } from './cli.ts';
import { createDoctorCommand } from './commands/doctor.ts';
import { hostCore } from './core/host.ts';
import { reachCore } from './core/reach-core.ts';
import { EXIT } from './exit-codes.ts';
import { createInterrupts } from './interrupts.ts';
import { translatorFor } from './messages.ts';
import { createAskLine } from './terminal/ask-line-of-host.ts';
import { createOutput } from './terminal/output.ts';
import { UsageError } from './usage-error.ts';

/** Put in by the build; absent when the sources run as they are. */
declare const __PERCH_VERSION__: string | undefined;

const version = typeof __PERCH_VERSION__ === 'string' ? __PERCH_VERSION__ : '0.0.0-source';
const inSources = basename(import.meta.dirname) === 'cli';
const resourcesDir = join(import.meta.dirname, inSources ? '../../resources' : '../resources');
const programsDir = inSources ? join(import.meta.dirname, '..', '..', 'dist') : import.meta.dirname;
/** Takes the command line to its end, and the process with it. */
export async function start(bootLog: BootLog): Promise<never> {
  const environment = { ...process.env };
  const cwd = process.cwd();
  const t = translatorFor(environment);

  const interrupts = createInterrupts(() => process.exit(EXIT.interrupted));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupts.interrupt);
  const stdout = createOutput({ stream: process.stdout, environment, onBroken: interrupts.readerLeft });
  const stderr = createOutput({ stream: process.stderr, environment, onBroken: () => {} });
  const ports = () => createNodeHostPorts({ kind: 'cli', version, programsDir, environment, bootLog });

  const code = await runCli({
    argv: process.argv.slice(2),
    version,
    cwd,
    t,
    stdin: process.stdin,
    stdout,
    stderr,
    interrupts,
    askLine: createAskLine({ input: process.stdin, output: process.stderr, onInterrupt: interrupts.interrupt }),
    looksSecret: createTokenSense(resourcesDir),
    now: systemClock.now,
    newId: randomUUID,
    watchFolder(folder, onChange) {
      const watcher = watch(folder, onChange);
      return () => watcher.close();
    },
    doctor: createDoctorCommand((error) => createDoctorWithoutCore({ ports: ports(), error }).run()),
    serve: async () => {
      throw new UsageError('serve-elsewhere');
    },
    openCore: () =>
      reachCore({
        connect: () => connectLocalSocket(dataDirectory({ environment })),
        host: () => hostCore(ports()),
        async whileGuestsStay(gone) {
          stderr.line(t('cli.guests'));
          await Promise.race([gone, new Promise<void>((resolve) => interrupts.onInterrupt(() => resolve()))]);
        },
      }),
  });
  await Promise.all([stdout.flush(), stderr.flush()]);
  // A terminal that is still read, or a keychain call that never answers, must not hold an ended command open.
  process.exit(code);
}
