import type { StoredRunEvent } from '../../shared/model/run-event.ts';
import { createInstallation, type Finished, type Installation, jsonLines } from '../fixtures/installation.ts';
import { hasKeyring, type Keyring, keyringPrograms, startKeyring } from '../fixtures/keyring.ts';
import { argumentLists, filesWith } from '../fixtures/leaks.ts';
import { isLong, keptOf, LONG_ONLY } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';
import { agentIdFor, leaveLogin } from '../gate/agents.ts';
import { createPrograms } from '../gate/programs.ts';
import { type ScriptedProvider, startProvider } from '../gate/provider.ts';
import { ROWS, type Row } from '../gate/rows.ts';
import { createValues, type Values } from '../gate/values.ts';

/** The kept rows: a key that is missing, one that is refused before another, and a login. The core's own test keeps more. */
const KEPT = keptOf(
  [
    'no key, and one that the host exports',
    'an expired key for the agent above a good one for everything',
    'the agent’s own login',
  ],
  ROWS,
);

let programs: ReturnType<typeof createPrograms>;
test.beforeAll(() => {
  programs = createPrograms();
});
test.afterAll(() => programs.remove());

const leftovers: (() => Promise<void>)[] = [];
test.afterEach(async () => {
  for (const end of leftovers.splice(0)) await end();
});

interface Arranged {
  readonly row: Row;
  readonly values: Values;
  readonly provider: ScriptedProvider;
  readonly installation: Installation;
  readonly keyring: Keyring | undefined;
}

async function arrange(row: Row): Promise<Arranged> {
  const values = createValues();
  const provider = await startProvider(row.answer ?? { status: 200 });
  leftovers.push(provider.close);
  const installation = await createInstallation({ keyring: 'unlocked', programsDir: programs.programsDir });
  leftovers.push(installation.dispose);
  leaveLogin(installation.dataDir, row);
  const perch = async (args: readonly string[], input = '') => {
    const done = await installation.perch(args, { input });
    expect(done.status, done.stderr).toBe(0);
  };
  await perch(['providers', 'set', row.providerId, '--base-url', provider.origin]);
  for (const stored of row.stored) {
    const { providerId, variable, scope } = stored;
    const scopes = { global: 'global', project: 'project', agent: `agent:${agentIdFor(row.providerId)}` };
    const args = ['credentials', 'set', providerId, '--variable', variable, '--scope', scopes[scope]];
    const ended = stored.expired ? ['--expires', '2020-02-02T20:20:20Z'] : [];
    await perch([...args, ...ended], values.of(stored));
  }
  if (row.auth?.mode === 'managed') {
    const { gateway, allowedModels } = row.auth;
    const typed = ['mode=managed', `gateway=${gateway.providerId}`, `models=${allowedModels.join(',')}`];
    await perch(['agents', 'settings', 'set', agentIdFor(row.providerId), ...typed]);
  }
  if (row.keychain === 'locked') await installation.lockKeyring();
  // Another daemon than the one that has the value.
  const keyring = row.keychain === 'unreadable' ? await startKeyring('unlocked') : undefined;
  if (keyring !== undefined) leftovers.push(keyring.stop);
  return { row, values, provider, installation, keyring };
}

async function run({ row, values, installation, keyring }: Arranged): Promise<Finished & { seenInArguments: boolean }> {
  const exported = Object.fromEntries((row.exported ?? []).map((name) => [name, `exported-${values.canary}`]));
  const { HOME: _, ...elsewhere } = keyring?.environment ?? {};
  const child = installation.start(['run', '--agent', agentIdFor(row.providerId), '--json', '/env'], {
    env: { ...exported, ...elsewhere },
  });
  child.stdin?.end();
  let seenInArguments = false;
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      seenInArguments ||= argumentLists().includes(values.canary);
    });
  }
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, ...output, seenInArguments };
}

function sentencesOf(events: readonly StoredRunEvent[], reasons: Readonly<Record<string, string>>): string[] {
  return events.flatMap(({ event }) => {
    if (event.type !== 'notice' || !event.key.startsWith('notice.credential-')) return [];
    return [(reasons[event.key] ?? '').replace(/\{(\w+)\}/g, (_, name: string) => String(event.values[name]))];
  });
}

test.describe('what a turn of the command line comes to', () => {
  test.skip(!hasKeyring, `needs ${keyringPrograms.join(' and ')}`);
  for (const row of ROWS) {
    test.describe(() => {
      test.skip(!isLong && !KEPT.has(row.name), LONG_ONLY);
      test(row.name, async () => {
        const arranged = await arrange(row);
        const { values, provider, installation } = arranged;
        const { expected } = row;
        const done = await run(arranged);
        const output = done.stdout + done.stderr;
        if (expected.start === 'refused') {
          expect(done.status, output).toBe(3);
          expect(JSON.parse(done.stdout)).toMatchObject({ error: { code: expected.code, message: expected.sentence } });
        } else {
          expect(done.status, output).toBe(0);
          const events = jsonLines<StoredRunEvent>(done.stdout);
          const { default: reasons } = await import('../../resources/locales/en/reasons.json', {
            with: { type: 'json' },
          });
          expect(sentencesOf(events, reasons)).toEqual([...expected.notices]);
          const said = events.map(({ event }) => (event.type === 'agent.message' ? event.text : '')).join('');
          const names = said.split('\n');
          expect(names).toEqual(expect.arrayContaining([...expected.has]));
          for (const name of expected.hasNot ?? []) expect(names).not.toContain(name);
        }
        if (row.asked === 'never') expect(provider.requests).toEqual([]);
        else if (row.asked === undefined) expect(provider.requests.length).toBeGreaterThan(0);
        expect(provider.elsewhere).toEqual([]);
        expect(output).not.toContain(values.canary);
        expect(done.seenInArguments).toBe(false);
        expect(filesWith(installation.dataDir, values.canary)).toEqual([]);
      });
    });
  }
});
