/**
 * Programs that unit and integration tests start hundreds of times. Started from the sources, each of them would strip
 * the types of all its modules first, which takes three times as long as the rest of its start.
 */
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.mjs';
import { root } from './paths.mjs';

export const TEST_PROGRAMS = 'out/test-programs';

const programs = {
  runner: 'electron/runner/main.ts',
  'demo-agent': 'electron/runner/adapters/demo/agent.ts',
  probe: 'electron/runner/testing/probe.ts',
};

/** Bundles them anew from the sources as they are now; a run beside this one keeps whole files. */
export async function bundleTestPrograms() {
  const folder = join(root, TEST_PROGRAMS);
  for (const [name, input] of Object.entries(programs)) {
    const file = join(folder, `${name}.mjs`);
    const aside = join(folder, `${name}.${process.pid}.mjs`);
    await bundle(name, input, { file: aside, format: 'esm', sourcemap: 'inline' });
    renameSync(aside, file);
  }
}
