/** `npm run test:chaos [-- --rounds N] [--seed N]`: kills app, runner, agents and windows at random, and looks what is lost. */
import { parseArgs } from 'node:util';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { run } from './lib/run.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '100' }, seed: { type: 'string' } } });
await ensureInstalled();
await ensureBuilt();
const env = {
  PERCH_CHAOS_ROUNDS: values.rounds,
  ...(values.seed === undefined ? {} : { PERCH_CHAOS_SEED: values.seed }),
};
process.exit(await run('vitest', ['run', 'e2e/chaos'], { env }));
