/**
 * A server of the Model Context Protocol on stdio, by hand, with one tool: `fingerprint` answers the SHA-256 of the
 * variable TESTER_SECRET. Whoever knows that has reached this server, and it was given the secret; the secret itself
 * would be masked on the way.
 */
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';

const answers = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'tester', version: '1' },
  }),
  'tools/list': () => ({
    tools: [
      { name: 'fingerprint', description: 'Says a fingerprint.', inputSchema: { type: 'object', properties: {} } },
    ],
  }),
  'tools/call': () => ({
    content: [
      {
        type: 'text',
        text: createHash('sha256')
          .update(process.env.TESTER_SECRET ?? '')
          .digest('hex'),
      },
    ],
  }),
  ping: () => ({}),
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const answer = answers[method];
  const body = answer ? { result: answer(params ?? {}) } : { error: { code: -32601, message: `no ${method}` } };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...body })}\n`);
});
