import { resolve } from 'node:path';
import type { Result } from '../../../shared/contract/methods.ts';
import type { Translate } from '../../../shared/i18n/translate.ts';
import { answersFor, type GuardedAnswer, type GuardedFileState } from '../../../shared/model/guarded-file.ts';
import { turnIdSchema } from '../../../shared/model/ids.ts';
import { visibleText } from '../../../shared/permissions/visible.ts';
import type { Client } from '../../core/api/client.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { guardedInWords } from '../terminal/guarded-file.ts';
import { terminalJson } from '../terminal/output.ts';
import { UsageError } from '../usage-error.ts';
import { projectDirOf } from '../values.ts';

/** The word that confirms the question; the same in every language. */
const WORD = 'put-back';

/** Lists what was set aside and waits for an answer here, or everything of a turn. */
export const asideList: Command = async (context) => {
  const { values, operands, stdout, t, openCore } = context;
  const [turnId] = operands;
  if (turnId !== undefined && !turnIdSchema.safeParse(turnId).success) throw new UsageError('undo-turn');
  const { client } = await openCore();
  const asked = turnId === undefined ? { projectDir: projectDirOf(context) } : { turnId };
  const { files } = await client.call('turns.guardedFiles', asked);
  if (values.json === true) stdout.line(terminalJson(files));
  else if (files.length === 0) stdout.line(t('cli.aside.none'));
  else for (const file of files) stdout.line(lineOf(file, t));
  return EXIT.ok;
};

/** Shows all of a file where it lies now. */
export const asideShow: Command = async (context) => {
  const { values, stdout, openCore } = context;
  const { client } = await openCore();
  const file = await find(context, client);
  const look = await client.call('turns.lookAtFile', { fileId: file.fileId });
  if (values.json === true) stdout.line(terminalJson({ file, ...look }));
  else show(context, look);
  return EXIT.ok;
};

/** Shows all of a file, and puts exactly that back: after a question, or with `--seen` and the number of what was shown. */
export const asidePutBack: Command = async (context) => {
  const { values, stdin, stdout, t, openCore } = context;
  const { seen } = values;
  if (seen === undefined && (values.json === true || !stdin.isTTY)) throw new UsageError('aside-needs-seen');
  const { client } = await openCore();
  const file = await find(context, client);
  const look = await client.call('turns.lookAtFile', { fileId: file.fileId });
  if (seen === undefined) {
    show(context, look);
    if (look.changed) return EXIT.failed;
    const { signal } = new AbortController(); // Ctrl+C ends the command itself
    const typed = await context.askLine(`${t('cli.aside.ask', { word: WORD })} `, signal);
    if (typed?.trim().toLowerCase() !== WORD) {
      stdout.line(t('cli.aside.not-done'));
      return EXIT.failed;
    }
  }
  const identity = { ...look.identity, hash: seen ?? look.identity.hash };
  return answer(context, client, { file, answer: 'put-back', seen: identity });
};

const answering =
  (given: GuardedAnswer): Command =>
  async (context) => {
    const { client } = await context.openCore();
    return answer(context, client, { file: await find(context, client), answer: given });
  };

export const asideKeep = answering('keep-aside');
export const asideMine = answering('mine');
export const asideSet = answering('set-aside');

async function answer(
  { values, stdout, t }: Context,
  client: Client,
  given: { file: GuardedFileState; answer: GuardedAnswer; seen?: GuardedFileState['identity'] },
): Promise<number> {
  const { fileId } = given.file;
  const seen = given.seen === undefined ? {} : { seen: given.seen };
  const { file } = await client.call('turns.answerFile', { fileId, answer: given.answer, ...seen });
  stdout.line(values.json === true ? terminalJson(file) : lineOf(file, t));
  return EXIT.ok;
}

/** By its id, or by its path among those that wait in this folder: the newest one. @throws UsageError */
async function find(context: Context, client: Client): Promise<GuardedFileState> {
  const [named = ''] = context.operands;
  const projectDir = projectDirOf(context);
  const { turn } = context.values;
  if (turn !== undefined && !turnIdSchema.safeParse(turn).success) throw new UsageError('undo-turn');
  const { files } = await client.call('turns.guardedFiles', turn === undefined ? { projectDir } : { turnId: turn });
  const typed = resolve(context.cwd, named);
  const isMeant = (file: GuardedFileState): boolean =>
    [file.path, file.aside ?? file.path].some((path) => path === named || resolve(file.projectDir, path) === typed);
  const found = files.find(isMeant);
  if (found === undefined) throw new UsageError('aside-unknown', { path: visibleText(named) });
  return found;
}

function lineOf(file: GuardedFileState, t: Translate): string {
  const answers = answersFor(file).map((one) => COMMAND_OF[one]);
  const said = file.answer === undefined ? '' : ` [${t(`guarded.answered-${file.answer}`)}]`;
  const can = answers.length === 0 ? '' : `\n    ${answers.map((one) => `perch aside ${one}`).join(' · ')}`;
  return `${guardedInWords(file, t)}${said}${can}`;
}

const COMMAND_OF: Readonly<Record<GuardedAnswer, string>> = {
  'put-back': 'put-back',
  'keep-aside': 'keep',
  mine: 'mine',
  'set-aside': 'set',
};

function show({ stdout, t }: Context, { entries, identity, changed }: Result<'turns.lookAtFile'>): void {
  for (const { path, kind, text, bytes, executable, binary } of entries) {
    const name =
      path === ''
        ? t(kind === 'folder' ? 'guarded.folder' : 'guarded.itself')
        : visibleText(path).replaceAll('\n', '\\n');
    const tags = [
      kind === 'folder' ? t('guarded.is-folder') : t('guarded.bytes', { bytes }),
      ...(executable ? [t('guarded.executable')] : []),
      ...(binary ? [t('guarded.binary')] : []),
    ];
    stdout.line(stdout.style('bold', `${name} (${tags.join(', ')})`));
    if (kind === 'file') for (const line of text.split('\n')) stdout.line(`    ${visibleText(line)}`);
  }
  if (changed) stdout.line(stdout.style('yellow', t('guarded.changed')));
  else stdout.line(stdout.style('dim', t('cli.aside.seen', { hash: identity.hash })));
}
