/**
 * `npm test`: installs what the tests need, then types, lint, unit and integration tests, the end to end tests, and
 * the escape suite.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled, ensureNestedInstalled } from './lib/install.mjs';
import { matrixLines, matrixOf, pairsIn } from './lib/matrix.mjs';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { summarize } from './lib/summary.mjs';
import { ensureSystemPackages, TO_TEST } from './lib/system-packages.mjs';

const results = join(root, 'test-results');
const vitestReport = join(results, 'vitest.json');
const playwrightReport = join(results, 'playwright.json');
const escapeReport = join(results, 'escape.json');

await ensureSystemPackages(TO_TEST);
await ensureInstalled({ retryTerminals: true });
await ensureNestedInstalled(join(root, 'e2e', 'agents'));
await ensureBuilt();
rmSync(results, { recursive: true, force: true });

const statuses = [
  await run('tsc', ['-b']),
  await run('biome', ['check', '--error-on-warnings', '.']),
  await run('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`]),
  await run('playwright', ['test'], { env: { PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport } }),
  await run('node', ['e2e/escape/main.ts'], { env: { PERCH_ESCAPE_REPORT: escapeReport } }),
];

const matrix = matrixOf(pairsIn(join(root, 'resources')), report(playwrightReport));
writeFileSync(join(results, 'provider-matrix.json'), `${JSON.stringify(matrix, null, 2)}\n`);
process.stdout.write(`\n${matrixLines(matrix).join('\n')}\n\n`);

const total = summarize({
  vitest: report(vitestReport),
  playwright: report(playwrightReport),
  escapes: report(escapeReport),
});
for (const skipped of total.skipped) process.stdout.write(`skipped: ${skipped}\n`);
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped\n`);
process.exit(statuses.every((status) => status === 0) && total.failed === 0 && total.passed > 0 ? 0 : 1);

function report(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
