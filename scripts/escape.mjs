/** `npm run test:escape`: tries to get out of the sandbox, as root and as an ordinary user. */
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled, say } from './lib/install.mjs';
import { prepareOrdinaryUser } from './lib/ordinary-user.mjs';
import { nodeExecutable, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { ensureSystemPackages, TO_TEST } from './lib/system-packages.mjs';
import { bundleTestPrograms } from './lib/test-programs.mjs';

await ensureSystemPackages(TO_TEST);
await ensureInstalled();
await ensureBuilt();
await bundleTestPrograms();
const ordinary = prepareOrdinaryUser({ root, node: nodeExecutable(), say });
const status = await run('node', ['e2e/escape/main.ts', ...process.argv.slice(2)], { env: ordinary.environment });
ordinary.dispose();
process.exit(status);
