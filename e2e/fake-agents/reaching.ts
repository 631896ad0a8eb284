import { request } from 'node:http';
import { answer, type Message, promptText, say, serve } from './acp.ts';

/** Asks the sandbox's proxy for the way to the `HOST:PORT` of its prompt, and says the status that it got. */
function reach(message: Message): void {
  const asked = request({ host: '127.0.0.1', port: 3128, method: 'CONNECT', path: promptText(message), agent: false });
  const tell = (text: string): void => {
    say(text);
    answer(message, { stopReason: 'end_turn' });
  };
  asked.on('connect', (response, socket) => {
    socket.destroy();
    tell(String(response.statusCode));
  });
  asked.on('error', (error: NodeJS.ErrnoException) => tell(error.code ?? error.message));
  asked.end();
}

serve({ 'session/prompt': reach });
