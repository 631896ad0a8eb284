import { answer, say, serve } from './acp.ts';

/** Answers every prompt with its argument and calls that success. */
serve({
  'session/prompt': (message) => {
    say(process.argv[2] ?? 'API Error: 401 Unauthorized');
    answer(message, { stopReason: 'end_turn' });
  },
});
