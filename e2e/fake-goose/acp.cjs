/**
 * What a stand-in for goose does: asks its provider as its variables say, and says the answer with the mode that it
 * was started in. Run as the file `acp` by a copy of Node that is called `goose`, as `goose acp` is.
 */
const { createInterface } = require('node:readline');

const { GOOSE_PROVIDER, GOOSE_MODE, GOOSE_MODEL, GOOSE_DISABLE_KEYRING, OPENAI_HOST, OPENAI_BASE_PATH } = process.env;
const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const say = (text) => {
  const update = { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } };
  send({ method: 'session/update', params: { sessionId: 'goose', update } });
};

async function ask(prompt) {
  const answer = await fetch(`${OPENAI_HOST}/${OPENAI_BASE_PATH}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${process.env.OPENAI_API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: GOOSE_MODEL, messages: [{ role: 'user', content: prompt }] }),
  });
  const body = await answer.json();
  // As goose tells it: in the conversation, as text.
  if (answer.status === 401) return `Ran into this error: Authentication error: ${body.error.message}`;
  return `${body.choices[0].message.content} (${GOOSE_PROVIDER}, ${GOOSE_MODE}, keyring off: ${GOOSE_DISABLE_KEYRING})`;
}

createInterface({ input: process.stdin }).on('line', async (line) => {
  const { id, method, params } = JSON.parse(line);
  const result = (value) => send({ id, result: value });
  if (method === 'initialize')
    result({ protocolVersion: 1, agentCapabilities: {}, agentInfo: { name: 'goose', version: '0' } });
  if (method === 'session/new') result({ sessionId: 'goose' });
  if (method === 'session/prompt') {
    say(await ask(params.prompt.map(({ text }) => text).join('')));
    result({ stopReason: 'end_turn' });
  }
});
