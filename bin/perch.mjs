#!/usr/bin/env node
/** The `perch` command of a checkout: prepares it when needed, then runs the built program on Node 24. */
import { ensureBuilt } from '../scripts/lib/build.mjs';
import { ensureInstalled } from '../scripts/lib/install.mjs';
import { runPerch } from '../scripts/lib/run.mjs';

await ensureInstalled();
await ensureBuilt();
const [command, ...rest] = process.argv.slice(2);
// The program that serves knows no help; the command line tells it of every command.
const served = command === 'serve' && !rest.some((word) => word === '--help' || word === '-h');
process.exit(await runPerch(served ? 'loopback.mjs' : 'cli.mjs', served ? rest : process.argv.slice(2)));
