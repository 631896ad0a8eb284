import { serve } from './acp.ts';

/** Ends in the middle of a turn; with `at-start` before it says a word, except `FAKE_LAST_WORDS` on stderr. */
if (process.argv[2] === 'at-start') {
  process.stderr.write(`${process.env.FAKE_LAST_WORDS ?? 'cannot start: something is missing'}\n`);
  process.exit(3);
}
serve({
  'session/prompt': () => {
    process.stderr.write('about to crash\n');
    process.exit(9);
  },
});
