/** Bundles a program of this repository into one file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from './paths.mjs';

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

// Modules with native parts, and what only the Electron binary provides, stay outside the bundles.
const external = ['electron', 'electron-updater', 'better-sqlite3', '@napi-rs/keyring', 'node-pty', /^node:/];

/** What starts a host loads its program from a file of its own: one that cannot be loaded still leaves its reason. */
const programApart = (name, entry) => ({
  name: 'program-apart',
  resolveId: (id, importer) =>
    id === './program.ts' && importer === entry ? { id: `./${name}-program.mjs`, external: true } : null,
});

/**
 * @param {string} name the program's name in `dist/`
 * @param {string} input its entry, below the root of the repository
 * @param {import('rolldown').OutputOptions} output
 */
export async function bundle(name, input, output) {
  const entry = join(root, input);
  const built = await rolldown({
    input: entry,
    platform: 'node',
    external,
    plugins: [programApart(name, entry)],
    transform: { define: { __PERCH_VERSION__: JSON.stringify(version) } },
    logLevel: 'warn',
  });
  await built.write({ sourcemap: true, codeSplitting: false, ...output });
  await built.close();
}
