import de from '../../resources/locales/de/errors.json' with { type: 'json' };
import en from '../../resources/locales/en/errors.json' with { type: 'json' };
import fr from '../../resources/locales/fr/errors.json' with { type: 'json' };
import { PerchError, toWireError } from '../../shared/errors/perch-error.ts';
import { describeErrorWithCode } from '../../shared/i18n/describe-error.ts';
import { languagesOf, resolveLocale } from '../../shared/i18n/locale.ts';
import { createTranslator } from '../../shared/i18n/translate.ts';
import type { BootLog } from '../core/boot/boot-log.ts';
import { isOwnDoing } from '../core/boot/describe.ts';
import { serve } from './serve.ts';

/** `perch serve` as a process: exit 0 when it was told to end, 1 with a sentence on stderr, 2 for wrong usage. */
export async function main(options: { programsDir: string; version: string; bootLog: BootLog }): Promise<never> {
  const environment = { ...process.env };
  const { promise: stopped, resolve: end } = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => end());
  let exitCode = 0;
  try {
    const write = (text: string) => void process.stdout.write(text);
    await serve({ ...options, args: process.argv.slice(2), environment, pid: process.pid, write, stopped, end });
  } catch (error) {
    await new Promise((written) => process.stderr.write(sentenceOf(error, { environment, ...options }), written));
    exitCode = error instanceof PerchError && error.code === 'USAGE' ? 2 : 1;
  }
  // A keychain that never answers must not hold an ended Perch open.
  process.exit(exitCode);
}

interface Telling {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly bootLog: BootLog;
}

function sentenceOf(error: unknown, { environment, bootLog }: Telling): string {
  const messages = { de, en, fr }[resolveLocale('system', languagesOf(environment))];
  const sentence = describeErrorWithCode(toWireError(error), createTranslator(messages));
  if (isOwnDoing(error)) return `${sentence}\n`;
  const { reason } = bootLog.report(error);
  // Whoever reports what is none of our errors needs its inside.
  return error instanceof PerchError ? `${sentence}\n` : `${sentence}\n${reason}\n`;
}
