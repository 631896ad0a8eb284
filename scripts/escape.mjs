/** `npm run test:escape`: tries to get out of the sandbox, as root and as an ordinary user. */
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { run } from './lib/run.mjs';
import { ensureSystemPackages, TO_TEST } from './lib/system-packages.mjs';

await ensureSystemPackages(TO_TEST);
await ensureInstalled();
await ensureBuilt();
process.exit(await run('node', ['e2e/escape/main.ts']));
