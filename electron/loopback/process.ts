import de from '../../resources/locales/de/errors.json' with { type: 'json' };
import en from '../../resources/locales/en/errors.json' with { type: 'json' };
import fr from '../../resources/locales/fr/errors.json' with { type: 'json' };
import { PerchError, toWireError } from '../../shared/errors/perch-error.ts';
import { describeErrorWithCode } from '../../shared/i18n/describe-error.ts';
import { languagesOf, resolveLocale } from '../../shared/i18n/locale.ts';
import { createTranslator } from '../../shared/i18n/translate.ts';
import { serve } from './serve.ts';

/** `perch serve` as a process: exit 0 when it was told to end, 1 with a sentence on stderr, 2 for wrong usage. */
export async function main(options: { programsDir: string; version: string }): Promise<never> {
  const environment = { ...process.env };
  const { promise: stopped, resolve: end } = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => end());
  let exitCode = 0;
  try {
    const write = (text: string) => void process.stdout.write(text);
    await serve({ ...options, args: process.argv.slice(2), environment, pid: process.pid, write, stopped, end });
  } catch (error) {
    await new Promise((written) => process.stderr.write(sentenceOf(error, environment), written));
    exitCode = error instanceof PerchError && error.code === 'USAGE' ? 2 : 1;
  }
  // A keychain that never answers must not hold an ended Perch open.
  process.exit(exitCode);
}

function sentenceOf(error: unknown, environment: Readonly<Record<string, string | undefined>>): string {
  const messages = { de, en, fr }[resolveLocale('system', languagesOf(environment))];
  const sentence = describeErrorWithCode(toWireError(error), createTranslator(messages));
  if (error instanceof PerchError) return `${sentence}\n`;
  // There may be no log yet: whoever reports this needs its inside.
  return `${sentence}\n${error instanceof Error ? error.stack : error}\n`;
}
