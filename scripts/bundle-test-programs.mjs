/** Bundles the programs that tests start (`lib/test-programs.mjs`), from the sources as they are now. */
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './lib/bundle.mjs';
import { root } from './lib/paths.mjs';
import { TEST_PROGRAMS } from './lib/test-programs.mjs';

const programs = {
  runner: 'electron/runner/main.ts',
  'demo-agent': 'electron/runner/adapters/demo/agent.ts',
  probe: 'electron/runner/testing/probe.ts',
};

for (const [name, input] of Object.entries(programs)) {
  const file = join(root, TEST_PROGRAMS, `${name}.mjs`);
  // Moved into place: a run beside this one keeps whole files.
  const aside = join(root, TEST_PROGRAMS, `${name}.${process.pid}.mjs`);
  await bundle(name, input, { file: aside, format: 'esm', sourcemap: 'inline' });
  renameSync(aside, file);
}
