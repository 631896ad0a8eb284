import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRepository } from './address.ts';

const PLAIN = { owner: 'owner', repository: 'repo', within: undefined };

test.each([
  'owner/repo',
  ' owner/repo/ ',
  'owner/repo.git',
  'https://github.com/owner/repo',
  'https://github.com/owner/repo.git',
  'https://www.github.com/owner/repo/',
  'http://github.com/owner/repo?tab=readme#top',
  'git@github.com:owner/repo.git',
  'git@github.com:owner/repo',
  'ssh://git@github.com/owner/repo.git',
])('%s is one repository', (text) => expect(parseRepository(text)).toEqual(PLAIN));

test('a branch and a path are told apart from the repository', () => {
  const within = { kind: 'tree', segments: ['feature', 'x', 'agents'] };
  expect(parseRepository('https://github.com/owner/repo/tree/feature/x/agents')).toEqual({ ...PLAIN, within });
  const file = { kind: 'blob', segments: ['main', 'my agents', 'perch.toml'] };
  expect(parseRepository('https://github.com/owner/repo/blob/main/my%20agents/perch.toml')).toEqual({
    ...PLAIN,
    within: file,
  });
});

test.each([
  '',
  'owner',
  'owner/',
  '/repo',
  'owner/..',
  'owner/repo/issues/1',
  'owner/repo/tree',
  '-owner/repo',
  'own er/repo',
  'https://gitlab.com/owner/repo',
  'https://github.com.evil.example/owner/repo',
  'https://github.com:8443/owner/repo',
  'https://token@github.com/owner/repo',
  'https://user:token@github.com/owner/repo',
  'git@gitlab.com:owner/repo.git',
  'ftp://github.com/owner/repo',
  'file:///owner/repo',
  'https://github.com/owner/repo/tree/main/../../x',
  'https://github.com/owner/repo/tree/%',
  'javascript:alert(1)',
])('%j is no repository', (text) => expect(parseRepository(text)).toBeUndefined());

const owner = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/);
const repository = fc.stringMatching(/^[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,20}$/).filter((name) => !/\.git$/.test(name));

test('every way to name a repository names the same one', () => {
  fc.assert(
    fc.property(owner, repository, (own, name) => {
      const ways = [
        `${own}/${name}`,
        `https://github.com/${own}/${name}`,
        `https://github.com/${own}/${name}.git`,
        `git@github.com:${own}/${name}.git`,
        `ssh://git@github.com/${own}/${name}.git`,
      ];
      for (const way of ways) expect(parseRepository(way)).toEqual({ owner: own, repository: name, within: undefined });
    }),
  );
});

test('whatever is typed, nothing comes out that leads elsewhere', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl(),
        fc.string().map((text) => `https://github.com/${text}`),
      ),
      (text) => {
        const parsed = parseRepository(text);
        if (parsed === undefined) return;
        const { owner: own, repository: name, within } = parsed;
        const path = ['repos', own, name, ...(within?.segments ?? [])].map(encodeURIComponent).join('/');
        const url = new URL(`https://api.example/${path}`);
        expect(url.pathname.split('/').slice(0, 4)).toEqual(['', 'repos', own, name]);
      },
    ),
  );
});
