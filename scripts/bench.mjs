/** `npm run bench [NAME…]`: measures ratios side by side in one run and prints each against its limit. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { nodeExecutable, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { ensureSystemPackages, TO_BENCH } from './lib/system-packages.mjs';

await ensureInstalled();
await ensureSystemPackages(TO_BENCH);
await ensureBuilt();
const wanted = process.argv.slice(2);
const benches = readdirSync(join(root, 'bench'))
  .filter((name) => name.endsWith('.bench.ts'))
  .filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
let worst = 0;
for (const name of benches) worst = Math.max(worst, await run(nodeExecutable(), [join(root, 'bench', name)]));
process.exit(worst);
