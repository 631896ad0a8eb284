import { expect, test } from 'vitest';
import type { CredentialEvent } from '../../shared/model/credential-event.ts';
import { historyOf, NOW } from '../dev/fixtures.ts';
import type { Transport } from '../transport/transport.ts';
import { historyFile, MAX_PAGE, readTrail } from './history-export.ts';

const [newest, ...older] = historyOf();

test('every page of the trail is read', async () => {
  if (newest === undefined) throw new Error('fixtures');
  const all = Array.from({ length: 2 * MAX_PAGE }, (_, index) => ({ ...newest, eventId: 2 * MAX_PAGE - index }));
  const asked: unknown[] = [];
  const transport = {
    async call(method: string, params: { limit: number; before?: number }) {
      asked.push([method, params.before]);
      const { before = Number.POSITIVE_INFINITY, limit } = params;
      return { events: all.filter(({ eventId }) => eventId < before).slice(0, limit) };
    },
  } as unknown as Transport;
  expect(await readTrail(transport)).toEqual(all);
  expect(asked).toEqual([
    ['credentials.trail', undefined],
    ['credentials.trail', MAX_PAGE + 1],
    ['credentials.trail', 1],
  ]);
});

test('the file has the day in its name and readable times in it', () => {
  const { name, text } = historyFile(older.slice(-1), NOW);
  expect(name).toBe('perch-credential-history-2026-11-22.json');
  const { exportedAt, events } = JSON.parse(text) as { exportedAt: string; events: Record<string, unknown>[] };
  expect(exportedAt).toBe('2026-11-22T12:00:00.000Z');
  expect(events[0]).toMatchObject({ kind: 'stored', variable: 'ANTHROPIC_API_KEY', scope: { kind: 'global' } });
  expect(events[0]?.at).toMatch(/^2026-11-2\dT/);
});

test('an event has no field that could hold a value', () => {
  const known = ['eventId', 'at', 'kind', 'credentialId', 'providerId', 'variable', 'scope', 'storage', 'masked'];
  const ofUse = ['agentId', 'sessionId', 'turnId'];
  const { text } = historyFile(historyOf(), NOW);
  const { events } = JSON.parse(text) as { events: CredentialEvent[] };
  expect(events.length).toBeGreaterThan(3);
  for (const event of events) expect([...known, ...ofUse]).toEqual(expect.arrayContaining(Object.keys(event)));
  expect(events.map(({ masked }) => masked).filter((masked) => !/^•{8}.{0,4}$/.test(masked))).toEqual([]);
});
