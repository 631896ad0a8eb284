import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runChaos } from './chaos.ts';

/** `npm run test:chaos` asks for many rounds; without it this is the short form. */
const rounds = Number(process.env.PERCH_CHAOS_ROUNDS ?? 8);
const seed = Number(process.env.PERCH_CHAOS_SEED ?? Date.now() % 1_000_000);

test.skipIf(!existsSync('/proc/self/stat'))(
  'whatever is killed: nothing that was told is lost, doubled or missing, nothing runs twice, nothing is left over',
  { timeout: 120_000 + rounds * 10_000 },
  async () => {
    process.stdout.write(`chaos: seed ${seed}, ${rounds} rounds\n`);
    const { broken, ...facts } = await runChaos({ seed, rounds });
    process.stdout.write(`chaos: ${JSON.stringify(facts)}\n`);
    expect(broken, `seed ${seed}`).toEqual([]);
    expect(facts.turns).toBeGreaterThan(0);
    expect(facts.outcomes.completed).toBeGreaterThan(0);
  },
);
