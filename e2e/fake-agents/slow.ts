import { answer, type Message, say, serve } from './acp.ts';

/** Answers a word every `PACE` milliseconds (its argument), ten of them; obeys a cancel. */
const paceMs = Number(process.argv[2] ?? 200);
let timer: NodeJS.Timeout | undefined;
let running: Message | undefined;

serve({
  'session/prompt': (message) => {
    running = message;
    let left = 10;
    timer = setInterval(() => {
      say(`word ${11 - left} `);
      left -= 1;
      if (left > 0) return;
      clearInterval(timer);
      answer(message, { stopReason: 'end_turn' });
    }, paceMs);
  },
  'session/cancel': () => {
    clearInterval(timer);
    if (running !== undefined) answer(running, { stopReason: 'cancelled' });
  },
});
