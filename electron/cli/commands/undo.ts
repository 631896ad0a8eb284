import type { Result } from '../../../shared/contract/methods.ts';
import { defined } from '../../../shared/defined.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { turnIdSchema } from '../../../shared/model/ids.ts';
import type { TurnSummary } from '../../../shared/model/run-event.ts';
import type { Client } from '../../core/api/client.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { oneLine, terminalJson } from '../terminal/output.ts';
import { UsageError } from '../usage-error.ts';
import { projectDirOf } from '../values.ts';

/** The word that confirms the question; the same in every language. */
const WORD = 'undo';

/** Among so many turns the last one of this folder is looked for. */
const LOOKED_AT = 200;

/** Takes back what a turn changed in the files, or brings it again; lists that first. With `--json` alone it only lists. */
export const undo: Command = async (context) => {
  const { values, stdin, stdout, t, openCore } = context;
  const undone = values.redo !== true;
  const { client } = await openCore();
  const turn = await turnOf(context, client, undone);
  const { turnId } = turn;
  const list = await client.call('turns.changes', { turnId });
  const [json, yes] = [values.json === true, values.yes === true];
  const isDone = list.undone === undone;
  if (!json) show(context, turn, list);
  if (isDone && !json) stdout.line(t(undone ? 'cli.undo.is-undone' : 'cli.undo.is-there'));
  if (isDone) {
    if (json) stdout.line(terminalJson({ turnId, ...list }));
    return EXIT.ok;
  }
  if (!json && !yes && !stdin.isTTY) throw new UsageError('undo-needs-yes');
  const wanted = yes || (!json && (await ask(context)));
  const done = wanted
    ? await client.call('turns.undo', { turnId, undone, alsoChanged: values.changed === true })
    : undefined;
  if (json) stdout.line(terminalJson({ turnId, ...list, ...defined({ done }) }));
  else if (done === undefined) stdout.line(t('cli.undo.not-done'));
  else {
    stdout.line(t(undone ? 'cli.undo.done' : 'cli.undo.done-again', { files: done.files }));
    for (const path of done.left) stdout.line(t('cli.undo.left', { path: oneLine(path, 300) }));
  }
  return wanted || json ? EXIT.ok : EXIT.failed;
};

/** The named one, or the last of this folder of which that can be said. @throws PerchError CHECKPOINT_MISSING, NOT_FOUND */
async function turnOf(context: Context, client: Client, undone: boolean): Promise<TurnSummary> {
  const [named] = context.operands;
  if (named !== undefined) {
    if (!turnIdSchema.safeParse(named).success) throw new UsageError('undo-turn');
    return (await client.call('turns.get', { turnId: named })).turn;
  }
  const directory = projectDirOf(context);
  const { turns } = await client.call('turns.list', { limit: LOOKED_AT });
  const found = turns.find(({ projectDir, changes }) => projectDir === directory && changes?.undone === !undone);
  if (found === undefined) throw new PerchError('CHECKPOINT_MISSING');
  return found;
}

function show({ stdout, t }: Context, turn: TurnSummary, { files, undone }: Result<'turns.changes'>): void {
  stdout.line(t('cli.undo.turn', { agentId: turn.agentId, prompt: oneLine(turn.promptPreview, 100) }));
  for (const { path, change, changedSince } of files) {
    const how = t(`cli.undo.${undone ? 'again-' : ''}${change}`);
    stdout.line(`  ${oneLine(path, 300)} (${how}${changedSince ? `; ${t('cli.undo.changed-since')}` : ''})`);
  }
}

async function ask({ t, askLine }: Context): Promise<boolean> {
  const { signal } = new AbortController(); // Ctrl+C ends the command itself
  const typed = await askLine(`${t('cli.undo.ask', { word: WORD })} `, signal);
  return typed?.trim().toLowerCase() === WORD;
}
