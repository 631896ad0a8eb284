/**
 * For tests: a process that holds and forgets placeholders, again and again, as sessions do that begin and end.
 * `node placeholder-rounds.ts RECORDS ROOT ROUNDS PATH...` prints each path that was missing while it was held.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { pause, systemClock } from '../../node/clock.ts';
import { forget, holdPlaceholders } from '../sandbox/guard/records.ts';

const [records = '', root = '', rounds = '', ...placeholders] = process.argv.slice(2);

for (let round = 0; round < Number(rounds); round += 1) {
  const id = randomUUID();
  await holdPlaceholders(records, id, { root, placeholders }, systemClock);
  for (let look = 0; look < 3; look += 1) {
    for (const path of placeholders) if (!existsSync(path)) process.stdout.write(`${path}\n`);
    await pause(systemClock, Math.random() * 3);
  }
  forget(records, id, { root, placeholders });
}
