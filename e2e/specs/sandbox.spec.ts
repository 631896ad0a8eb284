import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../fixtures/test.ts';

const show = ['sandbox', 'show', '--agent', 'demo'];
const inside = (script: string): string[] => ['sandbox', 'run', '--agent', 'demo', '--', 'sh', '-c', script];

test('the policy of an agent is shown, and a command runs under it: streams, environment, exit code', async ({
  installation,
}) => {
  const shown = await installation.perch([...show, '--json']);
  expect(shown.status, shown.stderr).toBe(0);
  const { policy } = JSON.parse(shown.stdout);
  expect(policy).toMatchObject({ enforcement: 'required', network: { kind: 'proxy', hosts: [], loopback: [] } });
  expect((await installation.perch(show)).stdout).toContain(policy.workingDirectory);

  const script = 'cat; pwd; echo "$HTTPS_PROXY $HOME"; echo to-stderr >&2; exit 7';
  const run = await installation.perch(inside(script), { input: 'from stdin\n' });
  expect(run.stdout).toBe(`from stdin\n${policy.workingDirectory}\nhttp://127.0.0.1:3128 /home/agent\n`);
  expect(run.stderr).toContain('to-stderr');
  expect(run.status).toBe(7);
  expect((await installation.perch(inside('kill -9 $$'))).status).toBe(137);
});

test('nothing is left in the project but what the command made, and a new hook is disarmed and told', async ({
  installation,
}) => {
  const shown = await installation.perch([...show, '--json']);
  const project: string = JSON.parse(shown.stdout).policy.workingDirectory;
  const before = readdirSync(project);
  mkdirSync(join(project, 'new/.git/hooks'), { recursive: true });
  const script =
    'echo evil > .envrc; echo evil > .vscode/x; mkdir -p other/.git/hooks; echo evil > other/.git/hooks/pre-push; chmod +x other/.git/hooks/pre-push; mkdir -p "other/$(printf "a\\033]0;title\\007\\nline")/.vscode"; ls -A';
  const run = await installation.perch(inside(script));
  expect(run.stderr).toContain('other/.git/hooks/pre-push');
  // A terminal obeys no name that the command chose.
  expect(run.stderr).toContain('other/a]0;title line/.vscode');
  expect(readdirSync(project).sort()).toEqual([...before, 'new', 'other'].sort());
  expect(existsSync(join(project, '.envrc'))).toBe(false);
  expect(statSync(join(project, 'other/.git/hooks/pre-push')).mode & 0o111).toBe(0);
});
