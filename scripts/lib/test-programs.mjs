/**
 * Programs that unit and integration tests start hundreds of times. Started from the sources, each of them would strip
 * the types of all its modules first, which takes three times as long as the rest of its start.
 */
import { join } from 'node:path';
import { nodeExecutable, root } from './paths.mjs';
import { must } from './run.mjs';

/** The folder that they are bundled into. */
export const TEST_PROGRAMS = 'out/test-programs';

/** A process of its own: the packages that bundle are not there yet when `npm test` starts in a new clone. */
export async function bundleTestPrograms() {
  await must(nodeExecutable(), [join(root, 'scripts', 'bundle-test-programs.mjs')], { stdio: ['ignore', 2, 2] });
}
