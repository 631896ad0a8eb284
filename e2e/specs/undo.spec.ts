import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectAccessible } from '../fixtures/accessible.ts';
import { connectCore } from '../fixtures/core-client.ts';
import { LONG, ofLongForm } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ withAgents: false });

/** Changes one file, makes one, and removes one. */
const SCRIPT = 'echo theirs > kept.txt; mkdir made; echo new > made/file.txt; rm gone.txt';

test.describe('what a turn changed in the files', () => {
  test.describe.configure({ timeout: 120_000 });
  test.beforeEach(async ({ installation }) => {
    const { projectDir } = installation;
    writeFileSync(join(projectDir, 'kept.txt'), 'mine\n');
    writeFileSync(join(projectDir, 'gone.txt'), 'gone\n');
    const added = await installation.perch(['agents', 'add', 'script', '--terminal', '--', 'sh', '-c', SCRIPT]);
    expect(added.status, added.stderr).toBe(0);
  });

  ofLongForm(test)(
    'is taken back on the command line, in another start of Perch, and brought again',
    { tag: LONG },
    async ({ installation }) => {
      const { projectDir } = installation;
      const read = (name: string) => readFileSync(join(projectDir, name), 'utf8');
      const ran = await installation.perch(['run', '--agent', 'script', 'go']);
      expect(ran.status, ran.stderr).toBe(0);
      expect(read('kept.txt')).toBe('theirs\n');
      const asked = await installation.perch(['undo'], { input: '' });
      expect(asked.status).toBe(2);
      expect(asked.stderr).toContain('--yes');
      const undone = await installation.perch(['undo', '--yes']);
      expect(undone.status, undone.stderr).toBe(0);
      expect(undone.stdout).toContain('made/file.txt (is deleted)');
      expect([read('kept.txt'), read('gone.txt'), existsSync(join(projectDir, 'made'))]).toEqual([
        'mine\n',
        'gone\n',
        false,
      ]);
      expect((await installation.perch(['undo', '--yes'])).stderr).toContain('CHECKPOINT_MISSING');
      writeFileSync(join(projectDir, 'kept.txt'), 'changed since\n');
      const again = JSON.parse((await installation.perch(['undo', '--redo', '--yes', '--json'])).stdout);
      expect(again.done).toEqual({ files: 2, left: ['kept.txt'] });
      expect([read('kept.txt'), read('made/file.txt')]).toEqual(['changed since\n', 'new\n']);
      const elsewhere = await installation.perch(['undo', 'no-turn', '--yes']);
      expect(elsewhere.status).toBe(2);
    },
  );

  test('is shown in the window, taken back there with a look first, and brought again', async ({
    installation,
    page,
  }) => {
    const served = await installation.serve();
    const core = await connectCore(installation.dataDir);
    const { projectDir } = installation;
    const { turnId } = await core.turn({ agentId: 'script', projectDir, prompt: '' });
    await page.goto(served.url);
    await page.goto(`${new URL(page.url()).href.split('#')[0]}#/session/${turnId}`);
    const part = page.getByRole('region', { name: 'Changes of this turn' });
    await expect(part.getByText('Files changed: 3')).toBeVisible({ timeout: 30_000 });
    await part.getByRole('button', { name: 'Undo this turn' }).click();
    const question = part.getByRole('alertdialog');
    await expect(question.getByText('made/file.txt')).toBeVisible();
    await expect(question.getByRole('button', { name: 'Keep' })).toBeFocused();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await expect(question).toHaveCount(0);
    writeFileSync(join(projectDir, 'kept.txt'), 'changed since\n');
    await part.getByRole('button', { name: 'Undo this turn' }).click();
    await expect(question.getByText('changed since: Perch leaves it')).toBeVisible();
    await question.getByRole('button', { name: 'Undo' }).click();
    await expect(part.getByText('Undone.')).toBeVisible();
    await expect(part.getByText('so Perch left them: kept.txt')).toBeVisible();
    expect(readFileSync(join(projectDir, 'gone.txt'), 'utf8')).toBe('gone\n');
    expect(existsSync(join(projectDir, 'made'))).toBe(false);
    await part.getByRole('button', { name: 'Redo this turn' }).click();
    await question.getByRole('checkbox', { name: 'Also files that changed since' }).check();
    await question.getByRole('button', { name: 'Redo' }).click();
    await expect(part.getByText('Files changed: 3')).toBeVisible();
    expect(readFileSync(join(projectDir, 'kept.txt'), 'utf8')).toBe('theirs\n');
    core.close();
    await served.stop();
  });
});
