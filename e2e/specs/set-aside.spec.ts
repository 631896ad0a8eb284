import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startFakeProvider } from '../fake-providers/server.ts';
import { expectAccessible } from '../fixtures/accessible.ts';
import { connectCore } from '../fixtures/core-client.ts';
import { agentsOnPath } from '../fixtures/installation.ts';
import { photograph } from '../fixtures/screenshots.ts';
import { expect, test } from '../fixtures/test.ts';

const KEY = 'sk-proj-0123456789abcdef-good';
const bash = (command: string): string => `CALL_TOOL Bash ${JSON.stringify({ command, description: 'test' })}`;
const MADE = [
  "printf '# config\\n\\033[8mhidden\\033[0m = 1\\n' > perch.toml",
  ...['api', 'web', 'old'].map((name) => `mkdir ${name}; echo 'export PATH=./bin:$PATH' > ${name}/.envrc`),
].join('; ');

test('what an agent made is put back after a look, or kept aside; a file in question stays the user’s', async ({
  installation,
  served,
  page,
}) => {
  test.skip(!existsSync(join(agentsOnPath, 'claude')), 'claude is not installed below e2e/agents');
  test.setTimeout(240_000);
  const provider = await startFakeProvider({ goodKeys: [KEY], knownWord: 'PINEAPPLE' });
  const core = await connectCore(installation.dataDir);
  const { projectDir } = installation;
  const agentId = 'claude-code';
  const at = (path: string): string => join(projectDir, path);
  const rows = page.locator('.guarded-row');
  const row = (path: string) => rows.filter({ has: page.getByText(path, { exact: true }) });
  try {
    const scope = { kind: 'global' } as const;
    await core.client.call('providers.setBaseUrl', { providerId: 'anthropic', baseUrl: provider.url });
    await core.client.call('credentials.set', { providerId: 'anthropic', scope, value: KEY, storage: 'keychain' });
    const turn = { agentId, projectDir, permission: 'allow_once' } as const;
    const { sessionId, events } = await core.turn({ ...turn, prompt: bash(MADE) });
    expect(readdirSync(projectDir)).toContain('perch.toml.quarantined');
    await page.goto(served.url);
    await page.goto(`${page.url().split('#')[0]}#/session/${events[0]?.turnId}`);
    await expect(rows).toHaveCount(4);
    await expect(row('perch.toml')).toContainText('It is now at perch.toml.quarantined.');

    // Putting back is offered below the whole content alone, with what is not seen as its code.
    await expect(page.getByRole('button', { name: 'Put back', exact: true })).toHaveCount(0);
    await row('perch.toml').getByRole('button', { name: 'Put back …' }).click();
    await expect(row('perch.toml').locator('.permission-line')).toHaveText([
      '# config',
      '\\u001b[8mhidden\\u001b[0m = 1',
    ]);
    await expectAccessible(page);
    await photograph(page, 'set-aside');
    const putBack = page.getByRole('button', { name: 'Put back', exact: true });
    // The user made one meanwhile: it is not replaced.
    writeFileSync(at('perch.toml'), 'mine');
    await putBack.click();
    await expect(row('perch.toml')).toContainText('Perch replaces nothing');
    expect(readFileSync(at('perch.toml'), 'utf8')).toBe('mine');
    rmSync(at('perch.toml'));
    await putBack.click();
    await expect(row('perch.toml')).toContainText('Put back');
    await expect(putBack).toHaveCount(0);
    expect(readFileSync(at('perch.toml'), 'utf8')).toContain('\u001b[8mhidden');
    expect(existsSync(at('perch.toml.quarantined'))).toBe(false);

    await row('api/.envrc').getByRole('button', { name: 'Keep aside' }).click();
    await expect(row('api/.envrc')).toContainText('Kept aside');
    writeFileSync(at('old/.envrc.quarantined'), 'another');
    await row('old/.envrc').getByRole('button', { name: 'Put back …' }).click();
    await expect(row('old/.envrc')).toContainText('It has changed since it was set aside');
    await expect(putBack).toHaveCount(0);

    // The same on the command line, whose answer the window shows.
    const listed = await installation.perch(['aside', '--project', projectDir]);
    expect(listed.stdout).toContain('web/.envrc');
    expect(listed.stdout).not.toContain('api/.envrc');
    const onWeb = (command: string, ...more: string[]) =>
      installation.perch(['aside', command, 'web/.envrc', '--project', projectDir, ...more]);
    const blind = await onWeb('put-back');
    expect(blind.status, blind.stdout).toBe(2);
    const shown = await onWeb('show');
    expect(shown.stdout).toContain('export PATH=./bin:$PATH');
    const seen = /--seen ([0-9a-f]{64})/.exec(shown.stdout)?.[1] ?? '';
    const wrong = await onWeb('put-back', '--seen', '0'.repeat(64));
    expect(wrong.status, wrong.stdout).toBe(1);
    expect(wrong.stderr).toContain('changed since you looked at it');
    const back = await onWeb('put-back', '--seen', seen);
    expect(back.status, back.stderr).toBe(0);
    expect(readdirSync(at('web'))).toEqual(['.envrc']);
    await expect(row('web/.envrc').locator('.tag')).toHaveText('Put back');
    await page.reload();
    await expect(row('api/.envrc')).toContainText('Kept aside');

    // In the next turn both are the user's: protected, and never set aside. The user saves one while the agent is at work.
    const waiting = core.turn({
      ...turn,
      sessionId,
      prompt: bash('echo evil > perch.toml; echo x > ready; while [ ! -e go ]; do sleep 0.05; done; ls'),
    });
    await expect.poll(() => existsSync(at('ready')), { timeout: 90_000 }).toBe(true);
    const question = rows.filter({ hasText: 'Is perch.toml yours?' });
    await expect
      .poll(
        async () => {
          // As an editor with a backup does it: in between nothing protects the new file.
          renameSync(at('perch.toml'), at('perch.toml~'));
          for (let part = 0; part < 50; part += 1) writeFileSync(at('perch.toml'), 'mine\n', { flag: 'a' });
          return question.count();
        },
        { timeout: 30_000 },
      )
      .toBeGreaterThan(0);
    await page.screenshot({ path: 'test-results/screenshots/set-aside-question.png' });
    // However often it was saved meanwhile, it is one question.
    await expect(question).toHaveCount(1);
    await question.getByRole('button', { name: 'Mine, keep it' }).click();
    await expect(rows.filter({ hasText: 'Yours' }).first()).toBeVisible();
    writeFileSync(at('go'), '');
    await waiting;
    expect(readFileSync(at('perch.toml'), 'utf8')).toBe('mine\n'.repeat(50));
    expect(readdirSync(at('web'))).toEqual(['.envrc']);
    expect(readdirSync(projectDir).filter((name) => name.includes('quarantined'))).toEqual([]);
  } finally {
    core.close();
    await provider.close();
  }
});
