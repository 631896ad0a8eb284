/** Runs a script of this checkout on the checkout's own Node: `node scripts/run-on-node.mjs FILE ARG…`. */
import { ensureInstalled } from './lib/install.mjs';
import { nodeExecutable } from './lib/paths.mjs';
import { run } from './lib/run.mjs';

await ensureInstalled();
process.exit(await run(nodeExecutable(), process.argv.slice(2)));
