import deCli from '../../resources/locales/de/cli.json' with { type: 'json' };
import deErrors from '../../resources/locales/de/errors.json' with { type: 'json' };
import enCli from '../../resources/locales/en/cli.json' with { type: 'json' };
import enErrors from '../../resources/locales/en/errors.json' with { type: 'json' };
import frCli from '../../resources/locales/fr/cli.json' with { type: 'json' };
import frErrors from '../../resources/locales/fr/errors.json' with { type: 'json' };
import { PerchError, toWireError } from '../../shared/errors/perch-error.ts';
import { describeErrorWithCode, withoutControls } from '../../shared/i18n/describe-error.ts';
import { type Locale, languagesOf, resolveLocale } from '../../shared/i18n/locale.ts';
import { createTranslator, type Messages, type Translate } from '../../shared/i18n/translate.ts';
import type { TurnSummary } from '../../shared/model/run-event.ts';
import { isOwnDoing } from '../core/boot/describe.ts';
import type { BootLog } from '../core/ports.ts';
import { createInterrupt } from './interrupt.ts';
import { serve } from './serve.ts';

const MESSAGES: Readonly<Record<Locale, Messages>> = {
  en: { ...enErrors, ...enCli },
  de: { ...deErrors, ...deCli },
  fr: { ...frErrors, ...frCli },
};

/** `perch serve` as a process: exit 0 when it was told to end, 1 with a sentence on stderr, 2 for wrong usage. */
export async function main(options: { programsDir: string; version: string; bootLog: BootLog }): Promise<never> {
  const environment = { ...process.env };
  const { promise: stopped, resolve: end } = Promise.withResolvers<void>();
  const t = translatorFor(environment);
  const { serves, interrupt, terminate } = createInterrupt({
    end,
    leaveAtOnce: () => process.exit(INTERRUPTED),
    tell: (running) => void process.stderr.write(finishing(running, t)),
  });
  process.on('SIGINT', interrupt);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, terminate);
  let exitCode = 0;
  try {
    const write = (text: string) => void process.stdout.write(text);
    await serve({
      ...options,
      args: process.argv.slice(2),
      environment,
      pid: process.pid,
      write,
      stopped,
      end,
      onServing: serves,
    });
  } catch (error) {
    await new Promise((written) => process.stderr.write(sentenceOf(error, { t, ...options }), written));
    exitCode = error instanceof PerchError && error.code === 'USAGE' ? 2 : 1;
  }
  // A keychain that never answers must not hold an ended Perch open.
  process.exit(exitCode);
}

/** 128 + the number of SIGINT, as shells have it. */
const INTERRUPTED = 130;

function translatorFor(environment: Readonly<Record<string, string | undefined>>): Translate {
  return createTranslator(MESSAGES[resolveLocale('system', languagesOf(environment))]);
}

function finishing(running: readonly TurnSummary[], t: Translate): string {
  const lines = running.map(({ promptPreview }) => `  ${withoutControls(promptPreview)}`);
  return `${[t('cli.serve.finishing'), ...lines].join('\n')}\n`;
}

interface Telling {
  readonly t: Translate;
  readonly bootLog: BootLog;
}

function sentenceOf(error: unknown, { t, bootLog }: Telling): string {
  const sentence = describeErrorWithCode(toWireError(error), t);
  if (isOwnDoing(error)) return `${sentence}\n`;
  const { reason } = bootLog.report(error);
  // The report of an error that is not Perch's own needs its stack.
  return error instanceof PerchError ? `${sentence}\n` : `${sentence}\n${reason}\n`;
}
