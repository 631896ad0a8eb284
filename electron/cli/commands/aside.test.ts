import { describe, expect, test } from 'vitest';
import type { Result } from '../../../shared/contract/methods.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { GuardedFileState } from '../../../shared/model/guarded-file.ts';
import { type CommandLineOptions, commandLine, TURN_ID } from '../testing/command-line.ts';

const IDENTITY = { node: '1:2:3', hash: 'ab'.repeat(32) };
const RENAMED: GuardedFileState = {
  ...{ fileId: '7b0f6f0e-4f0e-4c46-9d6a-0d8a4ff5a00a', turnId: TURN_ID, projectDir: '/projects/here', at: 1 },
  ...{ path: 'sub/.envrc', reason: 'name', how: 'renamed', aside: 'sub/.envrc.quarantined', identity: IDENTITY },
};
const UNCLEAR: GuardedFileState = {
  ...{ fileId: '7b0f6f0e-4f0e-4c46-9d6a-0d8a4ff5a00b', turnId: TURN_ID, projectDir: '/projects/here', at: 2 },
  ...{ path: '.vscode', reason: 'name', how: 'unclear' },
};
const ENTRY = { path: '', kind: 'file', executable: true, bytes: 9, text: 'rm -rf ~\n', binary: false } as const;
const LOOK: Result<'turns.lookAtFile'> = { identity: IDENTITY, changed: false, entries: [ENTRY] };

/** A core with both files, in which an answer is noted at the file. */
function asideWith(options: CommandLineOptions = {}, look = LOOK) {
  return commandLine({
    ...options,
    handlers: {
      'turns.guardedFiles': async () => ({ files: [RENAMED, UNCLEAR] }),
      'turns.lookAtFile': async () => look,
      'turns.answerFile': async ({ fileId, answer }) => {
        const file = fileId === RENAMED.fileId ? RENAMED : UNCLEAR;
        return { file: { ...file, answer } };
      },
      ...options.handlers,
    },
  });
}
const answered = ({ calls }: ReturnType<typeof asideWith>) =>
  calls.filter(({ method }) => method === 'turns.answerFile').map(({ params }) => params);

describe('the list', () => {
  test('has each file of this folder with the commands that answer for it', async () => {
    const cli = asideWith();
    expect(await cli.run('aside')).toBe(0);
    expect(cli.calls).toEqual([{ method: 'turns.guardedFiles', params: { projectDir: '/projects/here' } }]);
    const lines = (await cli.out()).split('\n');
    expect(lines[0]).toMatch(/^sub\/\.envrc is new, so Perch set it aside\. It is now at sub\/\.envrc\.quarantined\./);
    expect(lines[1]).toBe('    perch aside put-back · perch aside keep');
    expect(lines[2]).toMatch(/^Is \.vscode yours\?/);
    expect(lines[3]).toBe('    perch aside mine · perch aside set');
  });

  test('is of one turn when that is named, and says that there is nothing', async () => {
    const cli = asideWith({ handlers: { 'turns.guardedFiles': async () => ({ files: [] }) } });
    expect(await cli.run('aside', TURN_ID)).toBe(0);
    expect(cli.calls).toEqual([{ method: 'turns.guardedFiles', params: { turnId: TURN_ID } }]);
    expect(await cli.out()).toBe('No file waits for your answer here.\n');
    expect(await asideWith().run('aside', 'no-turn')).toBe(2);
  });

  test('carries as JSON what the core answers', async () => {
    const cli = asideWith();
    expect(await cli.run('aside', '--json')).toBe(0);
    expect(JSON.parse(await cli.out())).toEqual([RENAMED, UNCLEAR]);
  });
});

test('show writes all of a file as text, and how to put exactly that back', async () => {
  const text = 'export A=1\n\u001b[2Krm -rf ~\n';
  const cli = asideWith({}, { ...LOOK, entries: [{ ...ENTRY, text }] });
  expect(await cli.run('aside', 'show', 'sub/.envrc')).toBe(0);
  const out = await cli.out();
  expect(out).toContain('The file itself (9 bytes, executable)\n    export A=1\n');
  expect(out).not.toContain('\u001b');
  expect(out).toContain(`--seen ${IDENTITY.hash}`);
});

describe('putting back', () => {
  test('shows the whole, asks, and does it only after the word', async () => {
    const cli = asideWith({ typed: ['put-back'] });
    expect(await cli.run('aside', 'put-back', 'sub/.envrc')).toBe(0);
    expect(cli.state.questions).toHaveLength(1);
    expect(await cli.out()).toMatch(/rm -rf ~[\s\S]*\[Put back\]/);
    expect(answered(cli)).toEqual([{ fileId: RENAMED.fileId, answer: 'put-back', seen: IDENTITY }]);
  });

  test.each(['yes', 'y', ''])('does nothing after "%s"', async (typed) => {
    const cli = asideWith({ typed: [typed] });
    expect(await cli.run('aside', 'put-back', 'sub/.envrc')).toBe(1);
    expect(answered(cli)).toEqual([]);
    expect(await cli.out()).toContain('Nothing was put back.');
  });

  test('asks nothing about what is another thing by now', async () => {
    const cli = asideWith({ typed: ['put-back'] }, { ...LOOK, changed: true });
    expect(await cli.run('aside', 'put-back', 'sub/.envrc')).toBe(1);
    expect(cli.state.questions).toEqual([]);
    expect(answered(cli)).toEqual([]);
    expect(await cli.out()).toContain('It has changed since it was set aside');
  });

  test('takes the number of what was seen instead of the question, and hands exactly that on', async () => {
    const seen = 'cd'.repeat(32);
    const cli = asideWith({ input: '' });
    expect(await cli.run('aside', 'put-back', 'sub/.envrc', '--seen', seen, '--json')).toBe(0);
    expect(answered(cli)).toEqual([{ fileId: RENAMED.fileId, answer: 'put-back', seen: { ...IDENTITY, hash: seen } }]);
    expect(JSON.parse(await cli.out())).toMatchObject({ answer: 'put-back' });
  });

  test.each([
    ['without a terminal', { input: '' }, []],
    ['as JSON', {}, ['--json']],
  ] as const)('needs that number %s', async (_, options, more) => {
    const cli = asideWith(options);
    expect(await cli.run('aside', 'put-back', 'sub/.envrc', ...more)).toBe(2);
    expect(cli.calls).toEqual([]);
    // As JSON a refusal is JSON too, on the output.
    expect(`${await cli.out()}${await cli.err()}`).toContain('--seen');
  });

  test('tells what the core refuses', async () => {
    const refusing = async () => {
      throw new PerchError('ASIDE_PLACE_TAKEN', { path: 'sub/.envrc' });
    };
    const cli = asideWith({ typed: ['put-back'], handlers: { 'turns.answerFile': refusing } });
    expect(await cli.run('aside', 'put-back', 'sub/.envrc')).toBe(1);
    expect(await cli.err()).toContain('ASIDE_PLACE_TAKEN');
  });
});

describe('the other answers', () => {
  test.each([
    ['keep', 'sub/.envrc', RENAMED, 'keep-aside', 'Kept aside'],
    ['mine', '.vscode', UNCLEAR, 'mine', 'Yours'],
    ['set', '.vscode', UNCLEAR, 'set-aside', 'Set aside by you'],
  ] as const)('%s %s', async (command, path, { fileId }, answer, said) => {
    const cli = asideWith();
    expect(await cli.run('aside', command, path)).toBe(0);
    expect(answered(cli)).toEqual([{ fileId, answer }]);
    expect(await cli.out()).toContain(`[${said}]`);
  });

  test.each(['sub/.envrc.quarantined', './sub/.envrc', '/projects/here/sub/.envrc'])(
    'a file is meant by %s as well',
    async (path) => {
      const cli = asideWith();
      expect(await cli.run('aside', 'keep', path)).toBe(0);
      expect(answered(cli)).toEqual([{ fileId: RENAMED.fileId, answer: 'keep-aside' }]);
    },
  );

  test('an unknown path is refused, and a turn that is none', async () => {
    const cli = asideWith();
    expect(await cli.run('aside', 'keep', 'other')).toBe(2);
    expect(await cli.err()).toContain('other');
    expect(await cli.run('aside', 'keep', 'sub/.envrc', '--turn', 'x')).toBe(2);
    expect(answered(cli)).toEqual([]);
  });
});
