/**
 * `npm test`: installs what the tests need, then types, lint, unit and integration tests, the end to end tests, and
 * the escape suite. `npm run test:long` (`--long`) runs whole matrices, repetitions and long series of kills as well, of
 * which `npm test` keeps one of each kind.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled, ensureNestedInstalled, say } from './lib/install.mjs';
import { matrixLines, matrixOf, pairsIn } from './lib/matrix.mjs';
import { prepareOrdinaryUser } from './lib/ordinary-user.mjs';
import { nodeExecutable, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { createStages } from './lib/stages.mjs';
import { LONG_ONLY, summarize } from './lib/summary.mjs';
import { ensureSystemPackages, TO_TEST } from './lib/system-packages.mjs';
import { bundleTestPrograms } from './lib/test-programs.mjs';

const { values } = parseArgs({ options: { long: { type: 'boolean', default: false } } });
const isLong = values.long || process.env.PERCH_LONG === '1';
const results = join(root, 'test-results');
const vitestReport = join(results, 'vitest.json');
const playwrightReport = join(results, 'playwright.json');
const escapeReport = join(results, 'escape.json');

const stages = createStages(() => performance.now());
await stages.time('installation', async () => {
  await ensureSystemPackages(TO_TEST);
  await ensureInstalled({ retryTerminals: true });
});
// npm mostly waits: the agents come while the program is built and checked. They are there before a test is.
const agents = stages.time('installation of the agents', () => ensureNestedInstalled(join(root, 'e2e', 'agents')));
await stages.time('build', async () => {
  await ensureBuilt();
  await bundleTestPrograms();
});
const ordinary = prepareOrdinaryUser({ root, node: nodeExecutable(), say });
rmSync(results, { recursive: true, force: true });

const long = isLong ? { PERCH_LONG: '1', PERCH_CHAOS_ROUNDS: process.env.PERCH_CHAOS_ROUNDS ?? '100' } : {};
const tool = (name, command, args, env = {}) =>
  stages.time(name, () => run(command, args, { env: { ...ordinary.environment, ...long, ...env } }));

const vitestArgs = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`];
const checks = [
  await tool('types', 'tsc', ['-b']),
  await tool('lint and format', 'biome', ['check', '--error-on-warnings', '.']),
];
await agents;
const statuses = [
  ...checks,
  await tool('unit and integration tests', 'vitest', vitestArgs),
  await tool('end-to-end tests', 'playwright', ['test'], { PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport }),
  await tool('escape suite', 'node', ['e2e/escape/main.ts', '--repeats', isLong ? '3' : '1'], {
    PERCH_ESCAPE_REPORT: escapeReport,
  }),
];
ordinary.dispose();

const matrix = matrixOf(pairsIn(join(root, 'resources')), report(playwrightReport));
writeFileSync(join(results, 'provider-matrix.json'), `${JSON.stringify(matrix, null, 2)}\n`);
process.stdout.write(`\n${matrixLines(matrix).join('\n')}\n\n`);

const total = summarize({
  vitest: report(vitestReport),
  playwright: report(playwrightReport),
  escapes: report(escapeReport),
});
const ofLongForm = total.skipped.filter(
  (skipped) => skipped.endsWith(` (${LONG_ONLY})`) || skipped.includes(`(skipped: ${LONG_ONLY})`),
);
for (const skipped of total.skipped) if (!ofLongForm.includes(skipped)) process.stdout.write(`skipped: ${skipped}\n`);
if (ofLongForm.length > 0) process.stdout.write(`skipped: ${ofLongForm.length} tests are ${LONG_ONLY}\n`);
process.stdout.write(`\n${stages.lines().join('\n')}\n`);
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped\n`);
process.exit(statuses.every((status) => status === 0) && total.failed === 0 && total.passed > 0 ? 0 : 1);

function report(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
