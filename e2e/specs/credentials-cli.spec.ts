import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CredentialView } from '../../shared/model/credential.ts';
import type { CredentialEvent } from '../../shared/model/credential-event.ts';
import { startFakeProvider } from '../fake-providers/server.ts';
import { createInstallation, type Installation } from '../fixtures/installation.ts';
import { hasKeyring, keyringPrograms, startKeyring } from '../fixtures/keyring.ts';
import { argumentLists, filesWith } from '../fixtures/leaks.ts';
import { LONG, ofLongForm } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';

test.skip(!hasKeyring, `needs ${keyringPrograms.join(' and ')}`);
test.setTimeout(180_000);

const newKey = () => `sk-proj-${randomUUID()}-${randomUUID()}`;

/** The answer of a command that must end with 0, or with the named status. */
async function json<T>(installation: Installation, args: readonly string[], input = '', status = 0): Promise<T> {
  const done = await installation.perch([...args, '--json'], { input });
  expect(done.status, `perch ${args.join(' ')}: ${done.stdout}${done.stderr}`).toBe(status);
  return JSON.parse(done.stdout) as T;
}
const variables = ({ credentials }: { credentials: CredentialView[] }) =>
  credentials.map(({ variable, scope }) => `${variable} ${scope.kind}`).sort();

ofLongForm(test)(
  'each scope is set, listed, checked, told of and removed by itself',
  { tag: LONG },
  async ({ installation, served }) => {
    expect(served.pid).toBeGreaterThan(0);
    const keys = { global: newKey(), project: newKey(), agent: newKey() };
    const other = join(installation.home, 'other');
    mkdirSync(other);
    const scopes = { global: 'global', project: `project:${other}`, agent: 'agent:codex' };
    const provider = await startFakeProvider({ goodKeys: [keys.global, keys.agent], knownWord: 'WORD' });
    await json(installation, ['providers', 'set', 'openai', '--base-url', `${provider.url}/v1`]);
    for (const kind of ['global', 'project', 'agent'] as const) {
      const args = ['credentials', 'set', 'openai', '--scope', scopes[kind]];
      const { credential } = await json<{ credential: CredentialView }>(installation, args, keys[kind]);
      expect(credential).toMatchObject({ scope: { kind }, variable: 'OPENAI_API_KEY', status: 'ok' });
    }
    const { credentials: all } = await json<{ credentials: CredentialView[] }>(installation, ['credentials', 'list']);
    expect(variables({ credentials: all })).toEqual([
      'OPENAI_API_KEY agent',
      'OPENAI_API_KEY global',
      'OPENAI_API_KEY project',
    ]);
    expect(all.find(({ scope }) => scope.kind === 'project')?.scope).toEqual({ kind: 'project', projectDir: other });

    for (const [kind, verdict] of [
      ['global', 'alive'],
      ['project', 'dead'],
      ['agent', 'alive'],
    ] as const) {
      const scope = ['--scope', scopes[kind]];
      expect(variables(await json(installation, ['credentials', 'list', ...scope]))).toEqual([
        `OPENAI_API_KEY ${kind}`,
      ]);
      const check = ['credentials', 'check', 'openai', ...scope];
      const { checks } = await json<{ checks: unknown[] }>(installation, check, '', verdict === 'dead' ? 1 : 0);
      expect(checks).toMatchObject([{ credential: { scope: { kind } }, report: { verdict } }]);
    }

    // A project is the working directory where none is named.
    const here = await json<{ credentials: CredentialView[] }>(installation, [
      'credentials',
      'list',
      '--scope',
      'project',
    ]);
    expect(here.credentials).toEqual([]);
    const inOther = await installation.perch(['credentials', 'list', '--scope', 'project', '--json'], { cwd: other });
    expect(variables(JSON.parse(inOther.stdout))).toEqual(['OPENAI_API_KEY project']);

    const plan = async (...args: string[]) =>
      (await json<{ plan: { set: { name: string; shown: string; reason: string }[] } }>(installation, ['env', ...args]))
        .plan.set;
    const reasonOf = async (...args: string[]) =>
      (await plan(...args)).find(({ name }) => name === 'OPENAI_API_KEY')?.reason;
    expect(await reasonOf('--agent', 'codex')).toBe('reason.credential-agent');
    expect(await reasonOf('--agent', 'opencode', '--model', 'openai/gpt-5', '--project', other)).toBe(
      'reason.credential-project',
    );
    expect(JSON.stringify(await plan('--agent', 'codex'))).not.toContain(keys.agent);

    const remove = ['credentials', 'remove', 'openai', '--scope', scopes.agent];
    const { results } = await json<{ results: { nowInEffect?: CredentialView }[] }>(installation, remove);
    expect(results).toMatchObject([{ nowInEffect: { scope: { kind: 'global' } } }]);
    const again = await json<{ error: { code: string } }>(installation, remove, '', 1);
    expect(again.error.code).toBe('CREDENTIAL_NOT_FOUND');
    expect(variables(await json(installation, ['credentials', 'list']))).toEqual([
      'OPENAI_API_KEY global',
      'OPENAI_API_KEY project',
    ]);

    const trail = ['credentials', 'trail', 'openai', '--scope', scopes.agent];
    const { events } = await json<{ events: CredentialEvent[] }>(installation, trail);
    expect(events.map(({ kind, scope }) => `${kind} ${scope.kind}`)).toEqual(['stored agent', 'deleted agent']);
    const whole = await json<{ events: CredentialEvent[] }>(installation, ['credentials', 'trail']);
    expect(whole.events.length).toBeGreaterThan(events.length);
    await provider.close();
  },
);

test('keys of a file are shown masked, and taken under the scope that was named', async ({ installation }) => {
  const key = newKey();
  const file = join(installation.home, 'keys.env');
  writeFileSync(file, `OPENAI_API_KEY=${key}\nSOMETHING_ELSE=1\n`);
  const args = ['credentials', 'import', file, '--scope', 'agent:codex'];
  const shown = await installation.perch([...args, '--json']);
  expect(JSON.parse(shown.stdout)).toMatchObject({ candidates: [{ variable: 'OPENAI_API_KEY' }], results: [] });
  expect(shown.stdout).not.toContain(key);
  expect(variables(await json(installation, ['credentials', 'list']))).toEqual([]);
  const taken = await json<{ results: { outcome: string }[] }>(installation, [...args, '--yes']);
  expect(taken.results.map(({ outcome }) => outcome)).toEqual(['stored']);
  expect(variables(await json(installation, ['credentials', 'list']))).toEqual(['OPENAI_API_KEY agent']);
  rmSync(file);
  expect(filesWith(installation.dataDir, key)).toEqual([]);
});

ofLongForm(test)(
  'a scope that is none, and a secret in the place of anything, are refused and not repeated',
  {
    tag: LONG,
  },
  async ({ installation }) => {
    const secret = newKey();
    for (const command of ['set openai', 'list', 'check', 'remove openai', 'trail']) {
      const done = await installation.perch(['credentials', ...command.split(' '), '--scope', 'team', '--json']);
      expect(done.status, command).toBe(2);
      expect(JSON.parse(done.stdout)).toMatchObject({ error: { code: 'USAGE' } });
    }
    for (const args of [
      ['set', 'openai', secret],
      ['set', secret],
      ['set', 'openai', '--variable', secret],
      ['set', 'openai', '--scope', secret],
      ['set', 'openai', `--value=${secret}`],
      ['list', secret],
      ['trail', secret],
    ]) {
      const done = await installation.perch(['credentials', ...args]);
      expect(done.status, args.join(' ')).not.toBe(0);
      expect(done.stdout + done.stderr).not.toContain(secret);
    }
    expect(variables(await json(installation, ['credentials', 'list']))).toEqual([]);
  },
);

test('what is kept for this session only is used, is on no disk, and ends with Perch', async ({ installation }) => {
  const canary = newKey();
  const alone = ['credentials', 'set', 'openai', '--session-only'];
  expect((await installation.perch(alone, { input: canary })).status).toBe(2);
  const provider = await startFakeProvider({ goodKeys: [canary], knownWord: 'WORD' });
  const served = await installation.serve();
  await json(installation, ['providers', 'set', 'openai', '--base-url', `${provider.url}/v1`]);
  await json(installation, alone, canary);
  const { checks } = await json<{ checks: unknown[] }>(installation, ['credentials', 'check', 'openai']);
  expect(checks).toMatchObject([{ credential: { storage: 'session-only' }, report: { verdict: 'alive' } }]);
  expect(provider.requests.some(({ credential }) => credential === 'good')).toBe(true);
  for (const folder of [installation.dataDir, installation.home]) expect(filesWith(folder, canary)).toEqual([]);
  expect(argumentLists()).not.toContain(canary);
  await served.stop();
  expect(variables(await json(installation, ['credentials', 'list']))).toEqual([]);
  expect(filesWith(installation.dataDir, canary)).toEqual([]);
  writeFileSync(join(installation.dataDir, 'control'), canary);
  expect(filesWith(installation.dataDir, canary)).toHaveLength(1);
  await provider.close();
});

ofLongForm(test)(
  'what an installation that is gone left in the keychain is found by another, and removed',
  {
    tag: LONG,
  },
  async () => {
    const keyring = await startKeyring('unlocked');
    const { HOME: _, ...shared } = keyring.environment;
    const [gone, living] = [
      await createInstallation({ keyring: 'none' }),
      await createInstallation({ keyring: 'none' }),
    ];
    const perch = async (installation: Installation, args: string[], input = '') => {
      const done = await installation.perch([...args, '--json'], { input, env: shared });
      expect(done.status, done.stdout + done.stderr).toBe(0);
      return JSON.parse(done.stdout) as { orphans: { dataDir: string; items: number }[]; removed: number };
    };
    await perch(gone, ['credentials', 'set', 'openai'], newKey());
    await perch(living, ['credentials', 'set', 'openai'], newKey());
    expect((await perch(living, ['credentials', 'orphans', 'list'])).orphans).toEqual([]);
    rmSync(gone.dataDir, { recursive: true });
    expect((await perch(living, ['credentials', 'orphans', 'list'])).orphans).toMatchObject([
      { dataDir: gone.dataDir, items: 1 },
    ]);
    expect(await perch(living, ['credentials', 'orphans', 'remove', '--yes'])).toMatchObject({ removed: 1 });
    expect((await perch(living, ['credentials', 'orphans', 'list'])).orphans).toEqual([]);
    const check = await perch(living, ['credentials', 'list']);
    expect(check).toMatchObject({ credentials: [{ variable: 'OPENAI_API_KEY' }] });
    for (const end of [gone.dispose, living.dispose, keyring.stop]) await end();
  },
);
