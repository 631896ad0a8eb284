import { resolve } from 'node:path';
import { commandOf, runsAsText } from '../../../shared/model/agent-definition.ts';
import type { DeclarationView } from '../../../shared/model/declaration.ts';
import type { Client } from '../../core/api/client.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { oneLine, terminalJson } from '../terminal/output.ts';
import { UsageError } from '../usage-error.ts';
import { checkFolder } from '../values.ts';

/** The word that confirms the question. The word is the same in every language, because the question shows it. */
const WORD = 'trust';
/** Characters, more than the file can have: what is agreed to is not shown in part. */
const WHOLE = 300_000;

/** Shows what the folder's file does; then goes on by a typed word, or by `--yes`. With `--json` alone it only shows. */
export const projectsTrust: Command = async (context) => {
  const { values, stdin, stdout, t } = context;
  const projectDir = directoryOf(context);
  checkFolder(projectDir, context);
  const { client } = await context.openCore();
  const { declaration } = await client.call('declarations.get', { projectDir });
  const [json, yes] = [values.json === true, values.yes === true];
  if (declaration === undefined) return tellNothing(context, projectDir);
  if (!json) showDeclaration(context, declaration);
  if (declaration.state === 'invalid') {
    if (json) stdout.line(terminalJson({ declaration }));
    return EXIT.failed;
  }
  const open = declaration.state !== 'in-effect';
  const origins = new Set(values.origin ?? []);
  if (open && !json && !yes && !stdin.isTTY) throw new UsageError('trust-needs-yes');
  const wanted = !open || yes || (!json && (await ask(context)));
  if (wanted && open) await client.call('declarations.trust', { projectDir, stamp: declaration.stamp });
  if (wanted) await confirmOrigins(client, declaration, origins);
  const now = (await client.call('declarations.get', { projectDir })).declaration;
  if (json) stdout.line(terminalJson({ declaration: now }));
  else if (!wanted) stdout.line(t('cli.trust.not-done'));
  else {
    stdout.line(t('cli.trust.done'));
    for (const { origin, providerId, confirmed } of now?.content?.endpoints ?? []) {
      if (!confirmed) stdout.line(t('cli.trust.confirm', { provider: providerId, origin: oneLine(origin, 300) }));
    }
  }
  return wanted || json ? EXIT.ok : EXIT.failed;
};

export const projectsDistrust: Command = async (context) => {
  const { values, stdout, t } = context;
  const projectDir = directoryOf(context);
  checkFolder(projectDir, context);
  const { client } = await context.openCore();
  const { declaration } = await client.call('declarations.distrust', { projectDir });
  if (values.json === true) stdout.line(terminalJson({ declaration: declaration ?? null }));
  else stdout.line(t('cli.trust.taken-back'));
  return EXIT.ok;
};

async function confirmOrigins(
  client: Client,
  { projectDir, content }: DeclarationView,
  origins: ReadonlySet<string>,
): Promise<void> {
  for (const { providerId, origin, confirmed } of content?.endpoints ?? []) {
    if (origins.has(origin) && !confirmed) {
      await client.call('declarations.confirmEndpoint', { projectDir, providerId, origin });
    }
  }
}

function directoryOf({ operands, cwd }: Context): string {
  return resolve(cwd, operands[0] ?? '.');
}

function tellNothing({ values, stdout, t }: Context, directory: string): number {
  if (values.json === true) stdout.line(terminalJson({ declaration: null }));
  else stdout.line(t('cli.trust.nothing', { directory: oneLine(directory, 200) }));
  return EXIT.ok;
}

/**
 * Shows everything that a file declares, line by line. Its author is not the user, so each part is reduced to one line.
 */
function showDeclaration({ stdout, t }: Context, { file, state, problems, content, news }: DeclarationView): void {
  const said = (key: string, values: Readonly<Record<string, string>>) => {
    const flat = Object.entries(values).map(([name, value]) => [name, oneLine(value, WHOLE)]);
    return t(`cli.trust.${key}`, Object.fromEntries(flat));
  };
  const line = (key: string, values: Readonly<Record<string, string>>) => stdout.line(`  ${said(key, values)}`);
  stdout.line(said(`state-${state}`, { file }));
  for (const { line: at, column, reason, values } of problems) {
    stdout.line(`  ${at}:${column} ${oneLine(t(`reason.declared-${reason}`, values), 300)}`);
  }
  for (const one of news) line('new', { what: one });
  if (content === undefined) return;
  for (const { agentId, runs } of content.agents) {
    if (commandOf(runs) === undefined) line('agent-variant', { agentId, base: runsAsText(runs) });
    else line('agent-program', { agentId, command: runsAsText(runs) });
  }
  for (const { agentId, model } of content.models) line('model', { agentId, model });
  for (const { providerId, baseUrl, confirmed } of content.endpoints) {
    line(confirmed ? 'endpoint-confirmed' : 'endpoint', { provider: providerId, baseUrl });
  }
  for (const { name, value } of content.variables) line('variable', { name, value });
  for (const { name, reference } of content.secrets) line('secret', { name, reference });
}

async function ask({ t, askLine }: Context): Promise<boolean> {
  const { signal } = new AbortController(); // Ctrl+C ends the command itself
  const typed = await askLine(`${t('cli.trust.ask', { word: WORD })} `, signal);
  return typed?.trim().toLowerCase() === WORD;
}
