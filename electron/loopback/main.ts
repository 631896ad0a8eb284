import de from '../../resources/locales/de/errors.json' with { type: 'json' };
import en from '../../resources/locales/en/errors.json' with { type: 'json' };
import fr from '../../resources/locales/fr/errors.json' with { type: 'json' };
import { PerchError, toWireError } from '../../shared/errors/perch-error.ts';
import { describeErrorWithCode } from '../../shared/i18n/describe-error.ts';
import { languagesOf, resolveLocale } from '../../shared/i18n/locale.ts';
import { createTranslator } from '../../shared/i18n/translate.ts';
import { serve } from './serve.ts';

/** Put in by the build. */
declare const __PERCH_VERSION__: string;

const environment = { ...process.env };

const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
});

try {
  await serve({
    args: process.argv.slice(2),
    version: __PERCH_VERSION__,
    programsDir: import.meta.dirname,
    environment,
    pid: process.pid,
    write: (text) => process.stdout.write(text),
    stopped,
  });
  process.exitCode = 0;
} catch (error) {
  const t = createTranslator({ de, en, fr }[resolveLocale('system', languagesOf(environment))]);
  process.stderr.write(`${describeErrorWithCode(toWireError(error), t)}\n`);
  // There may be no log yet: whoever reports this needs its inside.
  if (!(error instanceof PerchError)) process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = error instanceof PerchError && error.code === 'USAGE' ? 2 : 1;
}
// The browser's program, or a keychain call that never answers, must not hold an ended Perch open.
process.exit();
