import { describe, expect, it } from 'vitest';
import { placesNamed, withoutPrograms } from './git-settings.ts';

describe('settings of a repository', () => {
  it.each([
    '[core]\n\tbare = false\n\trepositoryformatversion = 0\n',
    '# a comment\n[core] bare = false ; one more\n[remote "origin"]\n\turl = "https://example.org/a b"\n',
    '\ufeff[user]\r\n\tname = A "B" C\r\n\temail = a@example.org\r\n',
    '[remote "o"]\n\turl = https://example.org/a\\\n\tb\n',
    '',
  ])('%j runs nothing', (text) => {
    expect(withoutPrograms(text)).toBeUndefined();
  });

  it.each([
    '[core]\n\tfsmonitor = evil\n',
    '[core] fsmonitor = evil',
    '[core]\n# a comment ends with its line \\\n\tfsmonitor = evil\n',
    '[core]\n\tbare = false ; so does this \\\n\tfsmonitor = evil\n',
    '[core]\n\tbare = false "\n\tfsmonitor = evil\n',
    '[core]\n\tbare = \\x\n\tfsmonitor = evil\n',
    '[CORE]\n\tfsMonitor = evil\n',
    '[remote "o"]\n\turl = ext:":evil"\n',
    '[remote "o"]\n\turl = "ext:"\\\n:evil\n',
    '[remote "o"]\n\tvcs = evil\n',
    '[include]\n\tpath = evil\n',
    '[alias]\n\tstatus = !evil\n',
    'nonsense evil',
  ])('%j comes out without it', (text) => {
    const rest = withoutPrograms(text);
    expect(rest).not.toContain('evil');
    expect(withoutPrograms(rest ?? '')).toBeUndefined();
  });

  it('come out as they went in', () => {
    const odd = '[user]\n\tname = "a\\n[core]\\n\\"\\\\ b"\n\temail = "x\\ty"\n';
    expect(withoutPrograms(`${odd}[core]\n\teditor = evil\n`)).toBe(
      '[user]\n\tname = "a\\n[core]\\n\\"\\\\ b"\n[user]\n\temail = "x\\ty"\n',
    );
  });

  it('name places', () => {
    const text =
      '[core]\n\thooksPath = "tools/h o"oks\n\thookspath =\n[include]\n\tpath = ../a\n[includeIf "gitdir:/x"]\n\tpath = b\n';
    expect(placesNamed(text)).toEqual({ hooksPaths: ['tools/h ooks'], includes: ['../a', 'b'] });
  });
});
