import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answer, type Message, promptText, refuse, say, serve, update } from './acp.ts';

/**
 * Keeps its conversations in its home folder and goes on with them in another process, as its first argument says:
 * `load` (says everything again), `resume` (does not) or `neither`. Answers with all prompts it remembers. The prompt
 * `crash` ends it with 9 after it was remembered. `FORGETFUL` in its environment: it refuses to go on.
 */
const [, , way = 'neither'] = process.argv;
const fileOf = (sessionId: string) => join(process.env.HOME ?? '/nowhere', `${sessionId}.txt`);
const remembered = (sessionId: string) => readFileSync(fileOf(sessionId), 'utf8').split('\n').filter(Boolean);
const sessionOf = (message: Message) => message.params?.sessionId ?? '';

function goOn(message: Message, replay: boolean): void {
  const file = fileOf(sessionOf(message));
  if (process.env.FORGETFUL !== undefined || !existsSync(file)) {
    refuse(message, { code: -32002, message: 'no such session' });
    return;
  }
  for (const prompt of replay ? remembered(sessionOf(message)) : []) {
    update({ sessionUpdate: 'user_message_chunk', content: { type: 'text', text: prompt } });
    say(`again ${prompt}`);
  }
  answer(message, {});
}

serve({
  initialize: (message) =>
    answer(message, {
      protocolVersion: 1,
      agentCapabilities: {
        loadSession: way === 'load',
        ...(way === 'resume' ? { sessionCapabilities: { resume: {} } } : {}),
      },
      agentInfo: { name: 'remembering', version: '1' },
    }),
  'session/new': (message) => {
    const sessionId = `conversation-${process.pid}-${Date.now()}`;
    appendFileSync(fileOf(sessionId), '');
    answer(message, { sessionId });
  },
  'session/load': (message) => goOn(message, true),
  'session/resume': (message) => goOn(message, false),
  'session/prompt': (message) => {
    appendFileSync(fileOf(sessionOf(message)), `${promptText(message)}\n`);
    if (promptText(message) === 'crash') process.exit(9);
    say(remembered(sessionOf(message)).join(', '));
    answer(message, { stopReason: 'end_turn' });
  },
});
