import { answer, type Message, promptText, SESSION_ID, say, send, serve, update } from './acp.ts';

/** What a prompt tells this agent to do, as JSON: updates first, then all questions at once, in their own words. */
interface Script {
  readonly updates?: readonly object[];
  readonly asks: readonly object[];
}

let lastId = 1000;
const waiting = new Map<unknown, (outcome: string) => void>();

function ask(params: object): Promise<string> {
  lastId += 1;
  const id = lastId;
  send({ id, method: 'session/request_permission', params: { sessionId: SESSION_ID, ...params } });
  return new Promise((resolve) => waiting.set(id, resolve));
}

async function run(message: Message): Promise<void> {
  const { updates = [], asks } = JSON.parse(promptText(message)) as Script;
  for (const each of updates) update(each);
  const outcomes = await Promise.all(asks.map(ask));
  say(`answered: ${outcomes.join(', ')}`);
  answer(message, { stopReason: 'end_turn' });
}

serve(
  { 'session/prompt': (message) => void run(message) },
  {
    onAnswer({ id, result, error }) {
      const { outcome } = (result ?? {}) as { outcome?: { outcome: string; optionId?: string } };
      waiting.get(id)?.(error === undefined ? (outcome?.optionId ?? outcome?.outcome ?? 'odd') : 'an error');
      waiting.delete(id);
    },
  },
);
