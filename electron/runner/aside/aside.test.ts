import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withFolder } from '../testing/set-up.ts';
import { createAsideRequests } from './requests.ts';
import { MOST } from './snapshot.ts';

let root: string;
let atWork: boolean;
withFolder('aside', (folder) => {
  root = folder;
  atWork = false;
});

const requests = createAsideRequests({ isAtWork: () => atWork });
const at = (path: string): string => join(root, path);
const put = (path: string, content: string | Buffer): void => {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), content);
};
const look = (path: string) => requests['aside.look']({ root, path });
const back = (path: string, identity: { node: string; hash: string }) =>
  requests['aside.putBack']({ root, path, aside: `${path}.quarantined`, identity });

describe('put back', () => {
  test('makes a file under its name again, with its mode, and nothing lies aside any more', async () => {
    put('sub/.envrc.quarantined', 'export A=1\n');
    chmodSync(at('sub/.envrc.quarantined'), 0o751);
    const { identity, entries } = await look('sub/.envrc.quarantined');
    expect(entries).toEqual([
      { path: '', kind: 'file', executable: true, bytes: 11, text: 'export A=1\n', binary: false },
    ]);
    await back('sub/.envrc', identity);
    expect(readdirSync(at('sub'))).toEqual(['.envrc']);
    expect(readFileSync(at('sub/.envrc'), 'utf8')).toBe('export A=1\n');
    expect(statSync(at('sub/.envrc')).mode & 0o777).toBe(0o751);
  });

  test('another name of the same file does not lead to what was put back', async () => {
    put('innocent', 'harmless');
    linkSync(at('innocent'), at('perch.toml.quarantined'));
    const { identity } = await look('perch.toml.quarantined');
    await back('perch.toml', identity);
    writeFileSync(at('innocent'), 'evil');
    expect(readFileSync(at('perch.toml'), 'utf8')).toBe('harmless');
  });

  const changes: [string, () => void][] = [
    ['its content', () => writeFileSync(at('x/a/b'), 'c')],
    ['its mode', () => chmodSync(at('x/a/b'), 0o755)],
    [
      'another file in its place',
      () => {
        rmSync(at('x'), { recursive: true });
        put('x/a/b', 'b');
        chmodSync(at('x/a/b'), 0o644);
      },
    ],
    ['one more file', () => put('x/more', '')],
    ['one less', () => rmSync(at('x/a/b'))],
    ['another name', () => renameSync(at('x/a/b'), at('x/a/c'))],
  ];
  test.each(changes)('is refused when %s is not what was looked at', async (_, change) => {
    put('x/a/b', 'b');
    chmodSync(at('x/a/b'), 0o644);
    const { identity } = await look('x');
    change();
    renameSync(at('x'), at('x.quarantined'));
    await expect(back('x', identity)).rejects.toMatchObject({ code: 'ASIDE_CHANGED' });
    expect(existsSync(at('x'))).toBe(false);
  });

  test.each<[string, () => void]>([
    ['a file', () => put('x', 'mine')],
    ['an empty folder', () => mkdirSync(at('x'))],
    ['a link to nowhere', () => symlinkSync('nowhere', at('x'))],
  ])('replaces nothing: %s stays', async (_, make) => {
    for (const aside of ['file', 'folder']) {
      rmSync(at('x.quarantined'), { recursive: true, force: true });
      put(aside === 'file' ? 'x.quarantined' : 'x.quarantined/a', 'agent');
      rmSync(at('x'), { recursive: true, force: true });
      make();
      const before = lstatSync(at('x')).ino;
      const { identity } = await look('x.quarantined');
      await expect(back('x', identity)).rejects.toMatchObject({ code: 'ASIDE_PLACE_TAKEN' });
      expect(lstatSync(at('x')).ino).toBe(before);
      expect((await look('x.quarantined')).identity).toEqual(identity);
    }
  });

  test('is refused while an agent is at work there, and when nothing is there any more', async () => {
    put('x.quarantined', 'a');
    const { identity } = await look('x.quarantined');
    atWork = true;
    await expect(back('x', identity)).rejects.toMatchObject({ code: 'ASIDE_BUSY' });
    atWork = false;
    rmSync(at('x.quarantined'));
    await expect(back('x', identity)).rejects.toMatchObject({ code: 'ASIDE_GONE' });
  });

  test('follows no link on the way, in either direction', async () => {
    put('real/x.quarantined', 'a');
    const { identity } = await look('real/x.quarantined');
    renameSync(at('real'), at('moved'));
    symlinkSync(at('moved'), at('real'));
    await expect(look('real/x.quarantined')).rejects.toMatchObject({ code: 'ASIDE_GONE' });
    await expect(back('real/x', identity)).rejects.toMatchObject({ code: 'ASIDE_GONE' });
    expect(readdirSync(at('moved'))).toEqual(['x.quarantined']);
  });
});

test.each<[string, () => void]>([
  ['a link', () => symlinkSync('/etc/passwd', at('x'))],
  [
    'a link in a folder',
    () => {
      mkdirSync(at('x'));
      symlinkSync('/etc', at('x/etc'));
    },
  ],
  ['too many bytes', () => put('x', Buffer.alloc(MOST.bytes + 1, 'a'))],
  ['too many entries', () => Array.from({ length: MOST.entries }, (_, n) => put(`x/${n}`, ''))],
])('what cannot be shown whole is not shown in part: %s', async (_, make) => {
  make();
  await expect(look('x')).rejects.toMatchObject({ code: 'ASIDE_NOT_SHOWN' });
});

test('whatever is in a file, the look shows all of it, and its way aside and back changes none of it', async () => {
  const content = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: 'binary' }).map(Buffer.from));
  const name = fc.constantFrom('a', 'b', 'c d', 'é\u202e');
  const tree = fc.dictionary(
    fc.tuple(name, name).map((parts) => parts.join('/')),
    content,
    { minKeys: 1, maxKeys: 5 },
  );
  await fc.assert(
    fc.asyncProperty(tree, async (files) => {
      rmSync(root, { recursive: true, force: true });
      mkdirSync(root);
      for (const [path, bytes] of Object.entries(files)) put(`.vscode/${path}`, Buffer.from(bytes));
      const { aside, identity } = await requests['aside.setAside']({ root, path: '.vscode' });
      expect(readdirSync(root)).toEqual(['.vscode.quarantined']);
      const { entries } = await look(aside);
      for (const [path, bytes] of Object.entries(files)) {
        const entry = entries.find((one) => one.path === path);
        const unescaped = entry?.text.replace(/\\x(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
        const shown = entry?.binary ? Buffer.from(unescaped ?? '', 'latin1') : Buffer.from(entry?.text ?? '');
        expect(shown.equals(Buffer.from(bytes))).toBe(true);
      }
      if (identity === undefined) throw new Error('it can be shown');
      await back('.vscode', identity);
      expect(readdirSync(root)).toEqual(['.vscode']);
      for (const [path, bytes] of Object.entries(files))
        expect(readFileSync(at(`.vscode/${path}`)).equals(Buffer.from(bytes))).toBe(true);
    }),
    { numRuns: 40 },
  );
});
