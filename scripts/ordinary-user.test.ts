import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CHECKOUT, NO_ORDINARY_USER, NODE, prepareOrdinaryUser, whyUnreadable } from './lib/ordinary-user.mjs';

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
let folder: string;
let root: string;
const said: string[] = [];
const say = (sentence: string) => void said.push(sentence);
const node = process.env.PERCH_TEST_NODE ?? process.execPath;

beforeEach(() => {
  said.length = 0;
  folder = mkdtempSync(join(tmpdir(), 'perch-ordinary-'));
  chmodSync(folder, 0o755);
  root = join(folder, 'a checkout');
  for (const name of ['shared', 'node_modules/one', 'node_modules/tool']) {
    mkdirSync(join(root, name), { recursive: true });
    writeFileSync(join(root, name, 'package.json'), '{}', { mode: 0o600 });
  }
  const packages = { '': {}, 'node_modules/one': {}, 'node_modules/tool': { dev: true } };
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!isRoot)('an ordinary user of root’s tests (needs root)', () => {
  test('reads the checkout itself where that is open', () => {
    for (const name of ['shared', 'node_modules/one']) chmodSync(join(root, name, 'package.json'), 0o644);
    const { environment, dispose } = prepareOrdinaryUser({ root, node, say });
    expect([environment, said]).toEqual([{}, []]);
    dispose();
  });

  test.each([
    ['a folder above is closed', () => chmodSync(folder, 0o700)],
    ['a file is closed', () => {}],
  ])('gets a copy where %s, which goes afterwards', (_name, close) => {
    close();
    expect(whyUnreadable(root, node)).toMatch(/EACCES/);
    const { environment, dispose } = prepareOrdinaryUser({ root, node, say });
    const copy = environment[CHECKOUT] ?? '';
    expect(whyUnreadable(copy, environment[NODE] ?? '')).toBeUndefined();
    expect(said.join()).toContain('cannot read this checkout');
    dispose();
    expect(whyUnreadable(copy, join(copy, '../node/bin/node'))).toBeDefined();
  });

  test('is done without, with the reason, where it can run nothing at all', () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const { environment } = prepareOrdinaryUser({ root, node, say, candidates: [closed] });
    expect(environment[NO_ORDINARY_USER]).toContain('an ordinary user can run nothing');
    expect(said).toEqual([expect.stringContaining('No test runs as an ordinary user')]);
  });

  test('has its files in the first temporary folder that is open to it, and that is told', () => {
    const closed = join(folder, 'closed');
    const open = join(folder, 'open');
    mkdirSync(closed, { mode: 0o700 });
    mkdirSync(open);
    chmodSync(open, 0o777);
    const { environment, dispose } = prepareOrdinaryUser({ root, node, say, candidates: [closed, open] });
    expect(environment).toMatchObject({ TMPDIR: open, [CHECKOUT]: expect.stringContaining(open) });
    expect(said.join()).toContain(`: an ordinary user cannot use ${closed}`);
    dispose();
  });
});

test('a temporary folder in which no program can be run is passed over', () => {
  const gone = join(folder, 'gone');
  const { environment } = prepareOrdinaryUser({ root, node, say, candidates: [gone, folder], isRoot: false });
  expect(environment).toEqual(process.platform === 'linux' ? { TMPDIR: folder } : {});
});
