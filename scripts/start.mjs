/** `npm start`: from a fresh clone to the open window. Runs on any Node ≥ 20; everything after it runs on Node 24. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled, say } from './lib/install.mjs';
import { nodeExecutable, root } from './lib/paths.mjs';
import { capture, run, runPerch } from './lib/run.mjs';
import { ensureSystemPackages, TO_START } from './lib/system-packages.mjs';

await ensureSystemPackages(TO_START);
await ensureInstalled({ retryTerminals: true });
await ensureBuilt();

const electron = await findElectron();
if ('file' in electron) {
  process.exit(await run(electron.file, [root, ...process.argv.slice(2)]));
}
say(`${electron.why} Perch opens the same window in a browser instead.`);
process.exit(await runPerch('loopback.mjs', ['--open', ...process.argv.slice(2)]));

/** The Electron binary is no part of its package: it comes from elsewhere at first use, where that can be reached. */
async function findElectron() {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return { why: 'Electron has no display here (neither DISPLAY nor WAYLAND_DISPLAY is set).' };
  }
  const folder = join(root, 'node_modules', 'electron');
  const binary = () => {
    const named = join(folder, 'path.txt');
    const file = existsSync(named) ? join(folder, 'dist', readFileSync(named, 'utf8').trim()) : undefined;
    return file !== undefined && existsSync(file) ? file : undefined;
  };
  if (binary() === undefined) {
    say('Downloading the Electron binary …');
    const { status, output } = await capture(nodeExecutable(), [join(folder, 'install.js')], { timeout: 120_000 });
    if (status !== 0 || binary() === undefined) {
      const reason =
        output
          .trim()
          .split('\n')
          .find((line) => /error/i.test(line))
          ?.trim()
          .slice(0, 160) ?? 'no answer';
      return { why: `Perch could not download the Electron binary (${reason}).` };
    }
  }
  return { file: binary() };
}
