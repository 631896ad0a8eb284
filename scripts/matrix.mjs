/** `npm run matrix`: which agent was seen to work with which provider, by the last `npm test`; `--json` for programs. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { matrixLines, matrixOf, pairsIn } from './lib/matrix.mjs';
import { root } from './lib/paths.mjs';

const report = join(root, 'test-results', 'playwright.json');
const playwright = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
const rows = matrixOf(pairsIn(join(root, 'resources')), playwright);
const text = process.argv.includes('--json') ? JSON.stringify(rows, null, 2) : matrixLines(rows).join('\n');
process.stdout.write(`${text}\n`);
