/** A program: the suite as one user, `root` or `ordinary`. What each attempt came to goes to the parent as messages. */
import { mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from './remove.ts';
import { runAsUser } from './suite.ts';
import type { Tally } from './tally.ts';
import { users } from './users.ts';

const [name, repeats, only] = process.argv.slice(2);
const user = users.find((one) => one.name === name);
if (user === undefined) throw new Error(`there is no user ${name}`);
const add: Tally['add'] = (...result) => void process.send?.(result);
const root = realpathSync(mkdtempSync(join(tmpdir(), 'perch-escape-')));
try {
  mkdirSync(join(root, 'data'), { mode: 0o700 });
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  await runAsUser(user, {
    root,
    repeats: Number(repeats),
    ...(only === undefined ? {} : { only }),
    tally: { add },
    say,
  });
} finally {
  removeTree(root);
}
process.disconnect();
