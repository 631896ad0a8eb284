/** Builds `dist/`: the hosts, the runner and the demo agent by rolldown, the window by Vite. */
import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build as viteBuild } from 'vite';
import { bundle } from './lib/bundle.mjs';
import { root } from './lib/paths.mjs';

const programs = {
  main: 'electron/desktop/main.ts',
  'main-program': 'electron/desktop/program.ts',
  loopback: 'electron/loopback/main.ts',
  'loopback-program': 'electron/loopback/program.ts',
  cli: 'electron/cli/main.ts',
  'cli-program': 'electron/cli/program.ts',
  runner: 'electron/runner/main.ts',
  'demo-agent': 'electron/runner/adapters/demo/agent.ts',
};

// Built aside and moved into place: a Perch that is running keeps whole files until then.
const aside = join(root, `dist.${process.pid}`);
const started = Date.now();
for (const [name, input] of Object.entries(programs)) {
  if (!existsSync(join(root, input))) throw new Error(`${input} is missing`);
  await bundle(name, input, { file: join(aside, `${name}.mjs`), format: 'esm' });
}
await bundle('preload', 'electron/preload/preload.ts', { file: join(aside, 'preload.cjs'), format: 'cjs' });
copyCodexAdapter();
await viteBuild({
  configFile: join(root, 'renderer', 'vite.config.ts'),
  logLevel: 'warn',
  build: { outDir: join(aside, 'renderer') },
});
rmSync(join(root, 'dist'), { recursive: true, force: true });
renameSync(aside, join(root, 'dist'));
process.stdout.write(`built in ${Date.now() - started} ms\n`);

/** Codex's ACP adapter is published as one file that imports nothing but Node: it comes along, with its licence. */
function copyCodexAdapter() {
  const folder = join(root, 'node_modules', '@agentclientprotocol', 'codex-acp');
  copyFileSync(join(folder, 'dist', 'index.js'), join(aside, 'codex-acp.mjs'));
  copyFileSync(join(folder, 'LICENSE'), join(aside, 'codex-acp.LICENSE.txt'));
}
