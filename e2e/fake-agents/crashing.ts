import { serve } from './acp.ts';

/** Ends in the middle of a turn; with `at-start` before it says a word. */
if (process.argv[2] === 'at-start') {
  process.stderr.write('cannot start: something is missing\n');
  process.exit(3);
}
serve({
  'session/prompt': () => {
    process.stderr.write('about to crash\n');
    process.exit(9);
  },
});
