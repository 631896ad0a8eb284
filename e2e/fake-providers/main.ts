import { parseArgs } from 'node:util';
import { startFakeProvider } from './server.ts';

/**
 * `node e2e/fake-providers/main.ts --good-key KEY --word WORD [--port N]`: prints its URL and runs until it is ended.
 */
const { values } = parseArgs({
  options: {
    'good-key': { type: 'string', multiple: true, default: [] },
    word: { type: 'string', default: 'PINEAPPLE' },
    port: { type: 'string', default: '0' },
  },
});
const provider = await startFakeProvider({
  goodKeys: values['good-key'],
  knownWord: values.word,
  port: Number(values.port),
});
process.stdout.write(`${JSON.stringify({ url: provider.url })}\n`);
process.once('SIGTERM', () => void provider.close());
process.once('SIGINT', () => void provider.close());
