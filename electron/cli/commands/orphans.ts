import type { Result } from '../../../shared/contract/methods.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { oneLine, terminalJson } from '../terminal/output.ts';
import { writeTable } from '../terminal/table.ts';
import { UsageError } from '../usage-error.ts';

type Found = Result<'keychain.orphans'>;

/** Keychain items of installations that are no more. */
export const orphansList: Command = async (context) => {
  const { client } = await context.openCore();
  const found = await client.call('keychain.orphans', {});
  if (context.values.json === true) context.stdout.line(terminalJson(found));
  else showOrphans(context, found);
  return EXIT.ok;
};

/** Lists first; goes on by an answer on the terminal, or by `--yes`. Without an id: all of them. */
export const orphansRemove: Command = async (context) => {
  const { values, operands, stdin, stdout, t, openCore } = context;
  const { client } = await openCore();
  const found = await client.call('keychain.orphans', {});
  const [json, yes, only] = [values.json === true, values.yes === true, operands[0]];
  const meant = found.orphans.filter(({ installationId }) => only === undefined || installationId === only);
  if (!json) showOrphans(context, { ...found, orphans: meant });
  if (meant.length === 0) {
    if (json) stdout.line(terminalJson({ ...found, orphans: meant, removed: 0 }));
    return only === undefined ? EXIT.ok : EXIT.failed;
  }
  if (!json && !yes && !stdin.isTTY) throw new UsageError('orphans-needs-yes');
  const wanted = yes || (!json && (await ask(context)));
  const installationIds = meant.map(({ installationId }) => installationId);
  const removed = wanted ? (await client.call('keychain.removeOrphans', { installationIds })).items : 0;
  if (json) stdout.line(terminalJson({ ...found, orphans: meant, removed }));
  else stdout.line(wanted ? t('cli.orphans.removed', { count: removed }) : t('cli.orphans.not-removed'));
  return wanted || json ? EXIT.ok : EXIT.failed;
};

function showOrphans({ stdout, stderr, t }: Pick<Context, 'stdout' | 'stderr' | 't'>, found: Found): void {
  const { orphans, unchecked } = found;
  if (orphans.length === 0) stdout.line(t('cli.orphans.none'));
  else {
    writeTable(
      stdout,
      ['installation', 'directory', 'items'].map((column) => t(`cli.orphans.${column}`)),
      orphans.map(({ installationId, dataDir, items }) => [installationId, oneLine(dataDir, 200), String(items)]),
    );
  }
  for (const { dataDir, reason } of unchecked) {
    stderr.line(stderr.style('yellow', t('cli.orphans.unchecked', { directory: oneLine(dataDir, 200), reason })));
  }
}

async function ask({ t, askLine }: Context): Promise<boolean> {
  const { signal } = new AbortController(); // Ctrl+C ends the command itself
  const typed = await askLine(`${t('cli.orphans.ask', { word: 'remove' })} `, signal);
  return typed?.trim().toLowerCase() === 'remove';
}
