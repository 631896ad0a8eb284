import { describe, expect, test } from 'vitest';
import { contains } from '../../../node/paths.ts';
import { HELD_NAMES } from './guarded-names.ts';
import { type PolicyInput, sandboxPolicy as policyOf } from './sandbox-policy.ts';

const sandboxPolicy = (input: Omit<PolicyInput, keyof typeof PLAIN> & Partial<PolicyInput>) =>
  policyOf({ ...PLAIN, ...input });
const PLAIN = {
  network: { kind: 'shared' },
  nesting: false,
  showSecretFiles: false,
  nodeExecutable: '/opt/node',
  records: '/home/user/.perch/sandbox',
  certificates: [],
} as const;
const state = { hostPath: '/home/user/.perch/agents/x/home', sandboxPath: '/home/agent' };
const BARE = {
  enforcement: 'required',
  programParts: [],
  installation: [],
  workingDirectory: '/projects/one',
  state,
  closed: [],
} as const;
const policy = (programParts: string[]) =>
  sandboxPolicy({
    enforcement: 'required',
    programParts,
    installation: [],
    workingDirectory: '/projects/one',
    state,
    network: { kind: 'shared' },
    closed: ['/home/user/.perch', '/home/user'],
  }).readOnly.map(({ path }) => path);

test('in a worktree git gets what it needs of the repository, and nothing comes to be where it takes orders from', () => {
  const git = {
    readOnly: ['/projects/main/.git'],
    writable: ['/projects/main/.git/objects'],
    free: ['/projects/main/.git/modules'],
  };
  const made = sandboxPolicy({ ...BARE, git });
  expect(made.readOnly).toEqual([
    { path: '/projects/main/.git', optional: false },
    { path: '/projects/main/.git/modules', optional: true },
  ]);
  expect(made.writable).toEqual(['/projects/main/.git/objects']);
  expect(made.guard.free).toEqual(git.free);
});

test('the parts of the programs are readable, each once, none inside another', () => {
  expect(policy(['/opt/agent', '/opt/agent/bin/x', '/opt/node', '/opt/node', '/opt/agent-two'])).toEqual([
    '/opt/agent',
    '/opt/agent-two',
    '/opt/node',
  ]);
});

test("no part opens the home or Perch's own data as a whole", () => {
  expect(policy(['/home', '/', '/home/user', '/home/user/.perch', '/home/user/.local/bin/agent'])).toEqual([
    '/home/user/.local/bin/agent',
  ]);
});

test('a policy shares the network, opens nothing for writing but what the session owns, and needs every part', () => {
  const workingDirectory = '/projects/one';
  expect(
    sandboxPolicy({
      enforcement: 'off',
      programParts: ['/opt/b', '/opt/a'],
      installation: ['/opt/perch/dist', '/projects', '/projects/one-more/dist'],
      workingDirectory,
      state,
      network: { kind: 'shared' },
      closed: [],
    }),
  ).toEqual({
    enforcement: 'off',
    readOnly: [
      { path: '/opt/a', optional: false },
      { path: '/opt/b', optional: false },
    ],
    writable: [],
    state,
    workingDirectory,
    network: { kind: 'shared' },
    guard: {
      names: expect.arrayContaining(['.envrc', '.husky', '.vscode', '.claude', 'perch.toml']),
      held: expect.arrayContaining([...HELD_NAMES]),
      empty: expect.arrayContaining(['.env']),
    },
    limits: { processes: 4096, fileBytes: 17_179_869_184, memoryBytes: 17_179_869_184 },
    nesting: false,
    nodeExecutable: '/opt/node',
    records: '/home/user/.perch/sandbox',
  });
});

test('the files with secrets are shown when the user says so', () => {
  const asked = policyOf({ ...PLAIN, ...BARE, showSecretFiles: true });
  expect(asked.guard.empty).toEqual([]);
  expect(policyOf({ ...PLAIN, ...BARE }).guard.empty).not.toEqual([]);
});

describe("Perch's own installation in the working directory", () => {
  const perch = (installation: string[], programParts: string[] = []) => {
    const { readOnly, writable } = sandboxPolicy({
      enforcement: 'required',
      programParts,
      installation,
      workingDirectory: '/projects/perch',
      state,
      network: { kind: 'shared' },
      closed: ['/home/user/.perch', '/home/user'],
    });
    return { readOnly: readOnly.map(({ path }) => path), writable };
  };

  test('is read-only, also where a part of it is a part of the program', () => {
    const installation = ['/projects/perch/dist', '/projects/perch/node_modules'];
    expect(perch(installation, ['/opt/agent', '/projects/perch/node_modules/agent'])).toEqual({
      readOnly: ['/opt/agent', '/projects/perch/dist', '/projects/perch/node_modules'],
      writable: [],
    });
  });

  test('is pinned with every folder on the way to it: one that is renamed would make room for another', () => {
    expect(
      perch(['/projects/perch/a/b/dist', '/projects/perch/a/modules', '/projects/perch/a/b/dist/modules']),
    ).toEqual({
      readOnly: ['/projects/perch/a/b/dist', '/projects/perch/a/modules'],
      writable: ['/projects/perch/a', '/projects/perch/a/b'],
    });
  });

  test('stays read-only below a part that the working directory makes writable again', () => {
    for (const part of ['/projects', '/projects/perch']) {
      expect(perch(['/projects/perch/dist'], [part]).readOnly).toEqual([part, '/projects/perch/dist']);
    }
  });

  test('a part of a program above the working directory takes no pin away', () => {
    expect(perch(['/projects/perch/a/dist'], ['/projects'])).toEqual({
      readOnly: ['/projects', '/projects/perch/a/dist'],
      writable: ['/projects/perch/a'],
    });
  });

  test('opens no part of a program on the way', () => {
    expect(perch(['/projects/perch/a/b/c/dist'], ['/projects/perch/a/b'])).toEqual({
      readOnly: ['/projects/perch/a/b', '/projects/perch/a/b/c/dist'],
      writable: ['/projects/perch/a'],
    });
  });
});

test.each([
  ['/home/user', '/home/user', true],
  ['/home/user', '/home/user/', true],
  ['/home/user', '/home/user/a/b', true],
  ['/home/user', '/home/user/..cache', true],
  ['/', '/..cache', true],
  ['/home/user', '/home/user2', false],
  ['/home/user', '/home', false],
  ['/home/user', '/home/other', false],
  ['/home/user', '/home/user/../other', false],
])('whether %s has %s in it: %s', (folder, path, expected) => {
  expect(contains(folder, path)).toBe(expected);
});
