import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defined } from '../defined.ts';
import {
  type PermissionDetails,
  type PermissionRequest,
  permissionDetailsSchema,
  runEventSchema,
} from '../model/run-event.ts';
import { fitInto, textOfLine, textOfPieces } from './fit.ts';
import { type PermissionView, permissionView, type ShownLine } from './view.ts';
import { visibleText } from './visible.ts';

const OPTIONS: PermissionRequest['options'] = [
  { optionId: 'o', name: 'Yes', kind: 'allow_once' },
  { optionId: 'a', name: 'Always', kind: 'allow_always' },
  { optionId: 'x', name: 'Perhaps', kind: 'other' },
  { optionId: 'n', name: 'No', kind: 'reject_once' },
];
const NONE: PermissionDetails = { content: [], locations: [] };
const request = (details: Partial<PermissionDetails>, title = 'Tool') => ({
  title,
  options: OPTIONS,
  details: { ...NONE, ...details },
});

const unfolded = (line: ShownLine): ShownLine[] => line.folded?.flatMap(unfolded) ?? [line];

/** All that is shown, in the order of the card. */
function textOf(view: PermissionView): string {
  const parts = view.parts.map(({ label, path, lines }) =>
    [
      'name' in label ? textOfPieces(label.name) : `<${label.part}>`,
      ...(path === undefined ? [] : [textOfPieces(path)]),
      ...lines.flatMap(unfolded).map(textOfLine),
    ].join('\n'),
  );
  return [textOfPieces(view.title), ...(view.tool === undefined ? [] : [textOfPieces(view.tool)]), ...parts].join('\n');
}
const shown = (details: Partial<PermissionDetails>, title?: string) => textOf(permissionView(request(details, title)));

describe('real requests', () => {
  test('of a command: the whole of it by its lines, where it runs, and what its title says is not said twice', () => {
    const command = "ls -la && printf 'x'\nrm -rf ./build";
    expect(shown({ input: { command, cwd: '/p', description: 'List files' } }, command)).toBe(
      `\n<command>\n${command}\n<cwd>\n/p\n<description>\nList files`,
    );
    expect(shown({ input: { command: 'ls -la', cwd: '/p' } }, 'List files')).toContain('List files\n<command>\nls -la');
  });

  test('of arguments: each stands apart, whatever is in it', () => {
    expect(shown({ input: { command: ['bash', '-lc', 'ls\nrm x', ''] } })).toBe(
      'Tool\n<command>\n1 bash\n2 -lc\n3 ls\nrm x\n4 ',
    );
  });

  test('of an edit: the change, and nothing of it again', () => {
    const edit = {
      content: [{ kind: 'diff' as const, path: '/p/e.md', oldText: 'a\nb\n', newText: 'a\nc\n' }],
      locations: [{ path: '/p/e.md' }],
      input: { file_path: '/p/e.md', old_string: 'a\nb\n', new_string: 'a\nc\n', replace_all: false },
    };
    expect(shown(edit, 'Edit e.md')).toBe('Edit e.md\n<diff>\n/p/e.md\n  a\n− b\n+ c\nreplace_all\nfalse');
  });

  test('of a long file: lines that stay the same are folded, and not lost', () => {
    const lines = Array.from({ length: 40 }, (_, at) => `line ${at}`);
    const diff = {
      kind: 'diff' as const,
      path: 'x',
      oldText: lines.join('\n'),
      newText: lines.map((line, at) => (at === 20 ? 'new' : line)).join('\n'),
    };
    const view = permissionView(request({ content: [diff] }));
    expect(view.parts[0]?.lines.map(({ folded }) => folded?.length ?? 0)).toEqual([17, ...Array(8).fill(0), 16]);
    for (const line of lines) expect(textOf(view)).toContain(line);
  });

  test('a rule that an answer for good would keep', () => {
    expect(shown({ input: { command: 'git push', prefix_rule: ['git', 'push'] } })).toContain('<rule>\n1 git\n2 push');
  });

  test('a final line break that only one text has is a change', () => {
    const content = [{ kind: 'diff' as const, path: 'x', oldText: 'a\nb', newText: 'a\nb\n' }];
    expect(shown({ content })).toContain('  b\n+ ');
  });
});

test('an event that an older version kept can still be read, and says what it has', () => {
  const { details: _, ...old } = request({}, 'Write \u202efile');
  const event = { type: 'permission.requested', requestId: 'r', toolCallId: 't', ...old };
  const read = runEventSchema.parse(event);
  expect(read).toEqual(event);
  expect(textOf(permissionView(old))).toBe('Write \\u202efile');
});

describe('answers', () => {
  const kindsOf = (details: PermissionDetails | undefined, options = OPTIONS) => {
    const { answers } = permissionView({ title: 'Tool', options, ...defined({ details }) });
    const given = answers.given.map((each) => (each.kind === 'refuse' ? 'refuse' : each.option.kind));
    return { given, because: answers.because };
  };

  test.each<[string, PermissionDetails | undefined]>([
    ['an old event', undefined],
    ['nothing', NONE],
    ['blank text', { ...NONE, content: [{ kind: 'text', text: ' \n' }] }],
    ['a directory alone', { ...NONE, input: { cwd: '/p' } }],
    ['an empty input', { ...NONE, input: { command: '' } }],
    ['the file of an edit without the edit', { ...NONE, toolKind: 'edit', locations: [{ path: 'x' }] }],
    ['metadata', { ...NONE, other: { 'toolCall._meta': { a: 1 } } }],
    ['an answer of an unknown kind', { ...NONE, other: { 'options[0].kind': 'allow_sometimes' } }],
    ['a terminal by its name', { ...NONE, content: [{ kind: 'terminal', terminalId: 't' }] }],
  ])('%s is allowed for this once at most', (_, details) => {
    expect(kindsOf(details)).toEqual({ given: ['allow_once', 'reject_once'], because: 'nothing' });
    expect(kindsOf(details, OPTIONS.slice(1, 3))).toEqual({ given: ['refuse'], because: 'nothing' });
  });

  test.each<[string, Partial<PermissionDetails>]>([
    ['a command', { input: { command: 'ls' } }],
    ['an input that is a text', { input: 'ls' }],
    ['a field of an unknown name', { input: { depth: 0 } }],
    ['text', { content: [{ kind: 'text', text: 'ls' }] }],
    ['a change', { content: [{ kind: 'diff', path: '', oldText: null, newText: '' }] }],
    ['content of an unknown kind', { other: { 'content[0]': { type: 'hologram' } } }],
    ['the path that is read', { toolKind: 'read', locations: [{ path: '/etc' }] }],
  ])('%s may be allowed in every way', (_, details) => {
    expect(kindsOf({ ...NONE, ...details })).toEqual({ given: OPTIONS.map(({ kind }) => kind), because: undefined });
  });

  test('what is too large to be shown is refused at most, and a way to say no is always there', () => {
    const large = { ...NONE, input: { command: '' }, omittedChars: 5 };
    expect(kindsOf(large)).toEqual({ given: ['reject_once'], because: 'too-large' });
    expect(kindsOf({ ...NONE, input: 'ls' }, [])).toEqual({ given: ['refuse'], because: undefined });
  });
});

describe('nothing is dropped', () => {
  const word = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom('a\nb', 'rm -rf ~', '\u202e', ''),
  );
  const json = fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' });
  const details: fc.Arbitrary<PermissionDetails> = fc.record(
    {
      content: fc.array(
        fc.oneof(
          fc.record({ kind: fc.constant('text' as const), text: word }),
          fc.record({ kind: fc.constant('diff' as const), path: word, oldText: fc.option(word), newText: word }),
        ),
        { maxLength: 3 },
      ),
      locations: fc.array(fc.record({ path: word, line: fc.nat(99) }), { maxLength: 3 }),
      toolName: word,
      input: fc.oneof(fc.dictionary(fc.oneof(word, fc.constantFrom('command', 'cwd')), fc.oneof(word, json)), json),
      other: fc.dictionary(word, json),
    },
    { requiredKeys: ['content', 'locations'] },
  ) as fc.Arbitrary<PermissionDetails>;

  test('every text of a request is in what is shown, line by line', () => {
    fc.assert(
      fc.property(details, word, (given, title) => {
        fc.pre(permissionDetailsSchema.safeParse(given).success);
        const text = shown(given, title);
        for (const one of [title, ...textsOf(given)]) {
          for (const line of one.split('\n')) {
            const itself = visibleText(line).trim();
            const asJson = visibleText(JSON.stringify(line).slice(1, -1)).trim();
            expect(text.includes(itself) || text.includes(asJson), JSON.stringify([one, text])).toBe(true);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('what does not fit into a place is counted', () => {
    fc.assert(
      fc.property(details, fc.nat(20), fc.nat(60), (given, lines, chars) => {
        const view = permissionView(request(given));
        const { parts, moreChars } = fitInto(view, { lines, chars });
        const count = (of: PermissionView['parts']) =>
          of.flatMap((part) => part.lines).reduce((sum, { pieces }) => sum + textOfPieces(pieces).length, 0);
        const missing = count(view.parts) - count(parts);
        expect(moreChars).toBeGreaterThanOrEqual(missing);
        if (missing > 0) expect(moreChars).toBeGreaterThan(0);
        if (moreChars === 0) expect(parts).toEqual(view.parts);
      }),
    );
  });
});

/** Every text below a value, names of fields included; names that are known fields have a label instead. */
function textsOf(value: unknown, isName = false): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap((item) => textsOf(item, isName));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => [
    ...(isName && !['command', 'cwd'].includes(name) ? [name] : []),
    ...(name === 'kind' ? [] : textsOf(item, isName || name === 'other')),
  ]);
}
