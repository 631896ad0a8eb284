import { answer, type Message, promptText, refuse, say, send, serve, update } from './acp.ts';

/**
 * As noisy as real agents are: notifications that no client knows, an update outside a turn, lines of its own on stderr
 * before and after the error. Its prompt chooses how it fails, `WAY: WORDS`; any other prompt is answered.
 *
 * | prompt | what it does |
 * |---|---|
 * | `error: WORDS` | answers the prompt with a JSON-RPC error -32603 whose data holds the words |
 * | `error 429: WORDS` | the same with another code |
 * | `text: WORDS` | says the words as an answer, and calls the turn a success |
 * | `stderr: WORDS` | writes the words to stderr, and answers nothing |
 * | `exit 70: WORDS` | writes the words to stderr and exits with that code |
 * | `signal SIGSEGV: WORDS` | writes the words to stderr and ends by that signal |
 *
 * Its argument is a way for its start: `failing.ts 'exit 1: Error: no such file'` never opens a conversation.
 */
const WAY = /^(error|text|stderr|exit|signal)(?: (\S+))?: (.*)$/s;
const CHATTER_MS = 5;

function chatterBefore(): void {
  process.stderr.write('[session/create] phase=ready durationMs=12\n');
  process.stderr.write(
    'INFO  agent.core: starting with 4 tools\nWARN  agent.core: no update server could be reached\n',
  );
  process.stderr.write('ERROR agent.telemetry: could not send a report, it is kept for later\n');
  send({
    method: '_auth/status_update',
    params: { kind: 'api_key', label: 'API key', detail: 'from the environment' },
  });
  send({ method: '_vendor/heartbeat', params: { at: 1 } });
  update({ sessionUpdate: 'available_commands_update', availableCommands: [] });
}

function chatterAfter(): void {
  process.stderr.write('WARN  agent.core: the session is saved without a title\nINFO  agent.core: bye\n');
  send({
    method: '_auth/status_update',
    params: { kind: 'api_key', label: 'API key', detail: 'from the environment' },
  });
}

function reply(message: Message | undefined, answers: (message: Message) => void): void {
  if (message !== undefined) answers(message);
  chatterAfter();
}

function fail(message: Message | undefined, way: string, more: string | undefined, words: string): void {
  if (way === 'text') say(words);
  if (way === 'text' || way === 'stderr') {
    if (way === 'stderr') process.stderr.write(`ERROR agent.model: ${words}\n`);
    reply(message, (asked) => answer(asked, { stopReason: 'end_turn' }));
  } else if (way === 'error') {
    const error = { code: Number(more ?? -32603), message: 'Internal error', data: { message: words } };
    reply(message, (asked) => refuse(asked, error));
  } else {
    process.stderr.write(`${words}\n`);
    chatterAfter();
    // The words must leave before the program does.
    setTimeout(() => (way === 'exit' ? process.exit(Number(more ?? 1)) : process.kill(process.pid, more)), CHATTER_MS);
  }
}

const atStart = WAY.exec(process.argv[2] ?? '');
chatterBefore();
if (atStart !== null) fail(undefined, atStart[1] ?? '', atStart[2], atStart[3] ?? '');
serve({
  'session/new': (message) => {
    if (atStart !== null) return;
    answer(message, { sessionId: 'fake-session' });
    // No turn runs yet.
    update({ sessionUpdate: 'session_info_update', title: 'A title' });
  },
  'session/prompt': (message) => {
    chatterBefore();
    const way = WAY.exec(promptText(message));
    if (way !== null) {
      fail(message, way[1] ?? '', way[2], way[3] ?? '');
      return;
    }
    say(`It is done: ${promptText(message)}`);
    answer(message, { stopReason: 'end_turn' });
    chatterAfter();
  },
});
