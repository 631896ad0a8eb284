/** `node scripts/run-on-node.mjs scripts/command-line-page.ts` writes `docs/command-line.md` anew. */
import { writeFileSync } from 'node:fs';
import { commandLinePage, PAGE } from './lib/command-line-page.ts';

writeFileSync(PAGE, commandLinePage());
