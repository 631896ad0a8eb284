import { appendFileSync } from 'node:fs';
import { answer, type Message, promptText, say, serve } from './acp.ts';

/**
 * Writes down every prompt that reaches it, in `executions.log` of its working directory, before it answers. The prompt is
 * JSON: `{"id": "...", "words": 20, "paceMs": 2}`. Can load its session.
 */
interface Order {
  readonly id: string;
  readonly words: number;
  readonly paceMs: number;
}

let timer: NodeJS.Timeout | undefined;
let running: Message | undefined;

serve({
  initialize: (message) =>
    answer(message, {
      protocolVersion: 1,
      agentCapabilities: { loadSession: true },
      agentInfo: { name: 'journaling', version: '1' },
    }),
  'session/load': (message) => answer(message, {}),
  'session/prompt': (message) => {
    const { id, words, paceMs } = JSON.parse(promptText(message)) as Order;
    appendFileSync('executions.log', `${id}\n`);
    running = message;
    let said = 0;
    timer = setInterval(() => {
      said += 1;
      say(`${id} word ${said} `);
      if (said < words) return;
      clearInterval(timer);
      answer(message, { stopReason: 'end_turn' });
    }, paceMs);
  },
  'session/cancel': () => {
    clearInterval(timer);
    if (running !== undefined) answer(running, { stopReason: 'cancelled' });
  },
});
