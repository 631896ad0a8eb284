import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectAccessible } from '../fixtures/accessible.ts';
import { connectCore } from '../fixtures/core-client.ts';
import { LONG, ofLongForm } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ withAgents: false });

const OWN = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
const git = (folder: string, ...args: string[]): string =>
  execFileSync('git', [...OWN, ...args], {
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', HOME: '/nonexistent' },
    encoding: 'utf8',
  }).trim();

function commitAll(projectDir: string): void {
  writeFileSync(join(projectDir, 'notes.txt'), 'notes\n');
  git(projectDir, 'init', '-q', '-b', 'main');
  git(projectDir, 'add', '-A');
  git(projectDir, 'commit', '-q', '-m', 'first');
}

test('a second agent in one folder is warned of, and works in a worktree of its own', async ({
  page,
  installation,
  served,
}) => {
  test.setTimeout(180_000);
  const { projectDir } = installation;
  const tree = `${projectDir}-perch-1`;
  const core = await connectCore(installation.dataDir);
  await core.client.call('settings.update', { patch: { selectedAgentId: 'demo', projectDir } });
  // It asks whether it may write, and nobody answers: it is at work until then.
  const { turn: first } = await core.client.call('turns.submit', {
    turnId: randomUUID(),
    agentId: 'demo',
    projectDir,
    prompt: 'hello',
  });
  await page.goto(served.url);
  const notice = page.getByRole('region', { name: 'Another agent in this folder' });
  await expect(notice).toContainText('Demo is working in this folder');
  const make = notice.getByRole('button', { name: 'Work in a separate worktree' });
  await expect(make).toBeDisabled();
  await expect(notice).toContainText('is not in a git repository');
  await expectAccessible(page);

  commitAll(projectDir);
  await page.reload();
  await make.click();
  await expect(page.getByText(`separate worktree: ${tree}, branch perch/1`)).toBeVisible();
  await expect(notice).toHaveCount(0);

  const second = await core.turn({ agentId: 'demo', projectDir: tree, prompt: 'hello', permission: 'allow_once' });
  expect(second.outcome.outcome).toBe('completed');
  expect(existsSync(join(tree, 'perch-demo.txt'))).toBe(true);
  expect(existsSync(join(projectDir, 'perch-demo.txt'))).toBe(false);
  const keysOf = (events: typeof second.events) =>
    events.flatMap(({ event }) => (event.type === 'notice' ? [event.key] : []));
  expect(keysOf(second.events)).not.toContain('notice.shared-folder');

  // In the same folder a turn is told, and runs all the same.
  const third = await core.turn({ agentId: 'demo', projectDir, prompt: 'hello', permission: 'reject_once' });
  expect(keysOf(third.events)).toContain('notice.shared-folder');
  await core.client.call('turns.cancel', { turnId: first.turnId });
  core.close();
});

ofLongForm(test)(
  'the command line says so too, makes a worktree, and git works in it',
  { tag: LONG },
  async ({ installation, served }) => {
    test.setTimeout(180_000);
    expect(served.pid).toBeGreaterThan(0);
    const { projectDir } = installation;
    const core = await connectCore(installation.dataDir);
    await core.client.call('turns.submit', { turnId: randomUUID(), agentId: 'demo', projectDir, prompt: 'hello' });
    const run = (...args: string[]) => installation.perch(['run', '--agent', 'demo', ...args, 'hello']);
    const refused = await run('--worktree');
    expect(refused.status).toBe(3);
    expect(refused.stderr).toContain('WORKTREE_NO_REPOSITORY');

    commitAll(projectDir);
    const warned = await run('--permissions', 'deny');
    expect(warned.status).toBe(0);
    expect(warned.stderr).toContain('Demo is working in this folder');

    const tree = `${projectDir}-perch-1`;
    const apart = await run('--worktree', '--permissions', 'allow');
    expect(apart.status).toBe(0);
    expect(apart.stderr).toContain(`${tree}, branch perch/1`);
    expect(apart.stderr).not.toContain('is working in this folder');
    expect(existsSync(join(tree, 'perch-demo.txt'))).toBe(true);

    const inside = async (script: string) =>
      installation.perch(['sandbox', 'run', '--agent', 'demo', '--project', tree, '--', 'sh', '-c', script]);
    const commit = `git add -A && git ${OWN.join(' ')} commit -q -m inside && git status --short`;
    expect(await inside(commit)).toMatchObject({ status: 0, stdout: '' });
    expect(git(projectDir, 'log', '--format=%s', 'perch/1')).toBe('inside\nfirst');
    const hook = join(projectDir, '.git/hooks/pre-commit');
    expect((await inside(`echo evil > ${hook}`)).status).not.toBe(0);
    expect(existsSync(hook)).toBe(false);
    core.close();
  },
);
