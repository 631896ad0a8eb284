/** `npm run test:escape [-- --repeats N --only KIND]`: tries to get out of the sandbox in every way that is known here. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../electron/node/clock.ts';
import { selectSandbox } from '../../electron/runner/sandbox/select.ts';
import { noOrdinaryUser } from '../../electron/runner/testing/checkout.ts';
import { createTally, type Tally } from './tally.ts';
import { isRoot, users } from './users.ts';
import type { User } from './world.ts';

const { values } = parseArgs({ options: { repeats: { type: 'string', default: '3' }, only: { type: 'string' } } });
const repeats = Number(values.repeats);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const available = await selectSandbox(process.platform, systemClock).check();
if (available.state !== 'available') {
  const reason = `the escape suite (${available.state === 'unavailable' ? available.reason : available.state})`;
  say(`skipped: ${reason}`);
  report({ passed: 0, failed: 0, skipped: [reason] });
  process.exit(0);
}

const tally = createTally(say);
const skipped = [
  ...(isRoot ? [] : ['the escape suite as root (only root can run it)']),
  ...(noOrdinaryUser === undefined ? [] : [`the escape suite as an ordinary user (${noOrdinaryUser})`]),
];
const started = Date.now();
// Each has a world of its own, and two cores are what the smallest machine has.
await Promise.all(users.map(tryAs));
say('');
for (const problem of tally.problems()) say(problem);
for (const line of tally.lines(repeats)) say(line);
for (const one of skipped) say(`skipped: ${one}`);
say(`${Math.round((Date.now() - started) / 1000)} s`);
const { held, failed } = tally.total();
report({ passed: held, failed, skipped });
process.exit(failed === 0 && held > 0 ? 0 : 1);

async function tryAs({ name }: User): Promise<void> {
  const child = fork(
    join(import.meta.dirname, 'one-user.ts'),
    [name, String(repeats), ...(values.only === undefined ? [] : [values.only])],
    { stdio: 'inherit' },
  );
  child.on('message', (result) => tally.add(...(result as Parameters<Tally['add']>)));
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0)
    tally.add({ kind: 'suite', name: 'itself', user: name }, 'could not run', `it ended with ${status}`);
}

/** For `npm test`, which adds it up with the rest. */
function report(total: { passed: number; failed: number; skipped: string[] }): void {
  const file = process.env.PERCH_ESCAPE_REPORT;
  if (file === undefined) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(total));
}
