import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { CoreHandlers } from '../../../shared/contract/methods.ts';
import { createCarrierPair } from '../../../shared/json-rpc/pair.ts';
import type { DoctorReport } from '../../../shared/model/doctor.ts';
import { createClient } from '../../core/api/client.ts';
import { openDoor } from '../../core/api/door.ts';
import { servedApp } from '../../core/api/testing/served.ts';
import { createTokenSense } from '../../core/providers/token-sense.ts';
import { runCli } from '../cli.ts';
import { createDoctorCommand } from '../commands/doctor.ts';
import { createInterrupts } from '../interrupts.ts';
import { translatorFor } from '../messages.ts';
import { createOutput } from '../terminal/output.ts';
import type { InputStream } from '../terminal/read-input.ts';
import { UsageError } from '../usage-error.ts';

export const TURN_ID = '7b0f6f0e-4f0e-4c46-9d6a-0d8a4ff5a001';

/** The time that commands under test take for now. */
export const NOW = Date.UTC(2026, 0, 2);

const looksSecret = createTokenSense(join(import.meta.dirname, '..', '..', '..', 'resources'));

export interface CommandLineOptions {
  readonly handlers?: Partial<CoreHandlers>;
  readonly environment?: Readonly<Record<string, string>>;
  /** What stdin gives before it ends; absent: a terminal. */
  readonly input?: string;
  readonly terminal?: boolean;
  readonly hosted?: boolean;
  /** What is typed when a question is asked on the terminal. */
  readonly typed?: string[];
  readonly openFails?: Error;
  readonly withoutCore?: DoctorReport;
}

/** For tests: the command line against a core whose handlers are the given ones, on streams of its own. */
export function commandLine(options: CommandLineOptions = {}) {
  const { handlers = {}, environment = {}, input, terminal = false, hosted = false, typed = [] } = options;
  const served = servedApp(handlers);
  const state = { left: 0, forced: 0, questions: [] as string[], folders: [] as string[] };
  const interrupts = createInterrupts(() => {
    state.forced += 1;
  });
  const streams = { out: collector(terminal), err: collector(terminal) };
  const stdin = Object.assign(new PassThrough(), {
    isTTY: input === undefined,
    setRawMode() {},
  }) as unknown as InputStream;
  if (input !== undefined) stdin.push(input);
  stdin.push(null);
  let changed = () => {};
  let disconnect = () => {};

  const run = (...argv: string[]) =>
    runCli({
      argv,
      version: '1.2.3',
      cwd: '/projects/here',
      t: translatorFor(environment),
      stdin,
      stdout: createOutput({ stream: streams.out.stream, environment, onBroken: interrupts.readerLeft }),
      stderr: createOutput({ stream: streams.err.stream, environment, onBroken: () => {} }),
      interrupts,
      looksSecret,
      now: () => NOW,
      newId: () => TURN_ID,
      async askLine(question, signal) {
        state.questions.push(question);
        const answer = typed.shift();
        if (answer !== undefined) return answer;
        return await new Promise((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }));
      },
      watchFolder(folder, onChange) {
        state.folders.push(folder);
        changed = onChange;
        return () => {};
      },
      doctor: createDoctorCommand(
        async () => options.withoutCore ?? { version: '', platform: '', dataDir: '', checks: [] },
      ),
      serve: async () => {
        throw new UsageError('serve-elsewhere');
      },
      async openCore() {
        if (options.openFails !== undefined) throw options.openFails;
        const [ours, theirs] = createCarrierPair();
        openDoor({ app: served.app, carrier: theirs, caller: { kind: 'command-line' } });
        const client = createClient(ours);
        disconnect = () => theirs.close();
        return {
          client,
          hosted,
          leave: async () => {
            state.left += 1;
            client.close();
          },
        };
      },
    });
  return {
    ...served,
    run,
    state,
    interrupts,
    out: streams.out.text,
    err: streams.err.text,
    stdout: streams.out.stream,
    folderChanged: () => changed(),
    disconnect: () => disconnect(),
  };
}

function collector(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY });
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return {
    stream,
    /** All that was written so far. */
    async text(): Promise<string> {
      await new Promise<void>((resolve) => stream.write('', () => resolve()));
      await new Promise((resolve) => setImmediate(resolve));
      return text;
    },
  };
}
