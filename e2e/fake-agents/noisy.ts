import { answer, promptText, say, send, serve } from './acp.ts';

/**
 * Writes on stdout what does not belong there, and still does its job; `huge` writes a line without end,
 * `long 123` says that many characters in one message.
 */
process.stdout.write('Welcome to the noisy agent!\n{"not": "closed"\n[1,2]\n42\nnull\n');
serve({
  'session/prompt': (message) => {
    process.stdout.write('DEBUG a line that is no message\r\n\n');
    send({ id: 4711, result: {} });
    send({ method: '_vendor/remark', params: {} });
    if (promptText(message) === 'huge') process.stdout.write('x'.repeat(40 * 1024 * 1024));
    const long = /^long (\d+)$/.exec(promptText(message))?.[1];
    say(long === undefined ? 'through all the noise' : 'x'.repeat(Number(long)));
    answer(message, { stopReason: 'end_turn' });
  },
});
