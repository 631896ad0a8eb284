import { resolve } from 'node:path';
import type { Result } from '../../../shared/contract/methods.ts';
import { defined } from '../../../shared/defined.ts';
import { toWireError, type WireError } from '../../../shared/errors/perch-error.ts';
import { describeErrorWithCode } from '../../../shared/i18n/describe-error.ts';
import type { ForgetList, ForgetTarget } from '../../../shared/model/forget.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { oneLine, terminalJson } from '../terminal/output.ts';
import { writeTable } from '../terminal/table.ts';
import { UsageError } from '../usage-error.ts';
import { checkAgentId } from '../values.ts';
import { placeInWords } from './credentials.ts';

/** The word that confirms the question. The word is the same in every language, because the question shows it. */
const WORD = 'forget';

export const projectsList: Command = async ({ values, stdout, t, openCore }) => {
  const { client } = await openCore();
  const { projects } = await client.call('projects.list', {});
  if (values.json === true) stdout.line(terminalJson({ projects }));
  else if (projects.length === 0) stdout.line(t('cli.forget.no-projects'));
  else {
    writeTable(
      stdout,
      ['directory', 'conversations', 'credentials'].map((column) => t(`cli.forget.${column}`)),
      projects.map(({ projectDir, conversations, credentials }) => [
        oneLine(projectDir, 200),
        String(conversations),
        String(credentials),
      ]),
    );
  }
  return EXIT.ok;
};

export const projectsForget: Command = (context) =>
  forget(context, { kind: 'project', projectDir: resolve(context.cwd, context.operands[0] ?? '.') });

export const agentsReset: Command = async (context) => {
  const agentId = context.operands[0] ?? '';
  const { client } = await context.openCore();
  await checkAgentId(client, agentId);
  return forget(context, { kind: 'agent', agentId });
};

/** `--everything` is not for brevity: the command says what it does. */
export const forgetEverything: Command = (context) => forget(context, { kind: 'everything' });

/** Lists first; then goes on by a typed word on the terminal, or by `--yes`. With `--json` alone it only lists. */
async function forget(context: Context, target: ForgetTarget): Promise<number> {
  const { values, stdin, stdout, t, openCore } = context;
  const { client } = await openCore();
  const { list } = await client.call('forget.list', { target });
  const [json, yes] = [values.json === true, values.yes === true];
  const orphans =
    target.kind === 'everything' ? await client.call('keychain.orphans', {}).catch(orphansProblem) : undefined;
  if (!json) {
    show(context, list);
    if (orphans !== undefined) showOthers(context, orphans);
  }
  if (!json && !yes && !stdin.isTTY) throw new UsageError('forget-needs-yes');
  const wanted = yes || (!json && (await ask(context)));
  if (wanted) await client.call('forget.carryOut', { target });
  if (json) stdout.line(terminalJson({ list, forgotten: wanted, ...defined({ others: orphans }) }));
  else stdout.line(t(wanted ? `cli.forget.done-${target.kind}` : 'cli.forget.not-done'));
  return wanted || json ? EXIT.ok : EXIT.failed;
}

function show({ stdout, t }: Context, list: ForgetList): void {
  const { credentials, leftovers, conversations, allowedHosts, mcpServers, variables, settings, folders } = list;
  for (const credential of credentials) {
    const { variable, providerId, masked } = credential;
    stdout.line(t('cli.forget.credential', { variable, providerId, masked, place: placeInWords(credential, t) }));
  }
  if (leftovers > 0) stdout.line(t('cli.forget.leftovers', { count: leftovers }));
  if (variables > 0) stdout.line(t('cli.forget.variables', { count: variables }));
  if (conversations > 0) stdout.line(t('cli.forget.of-conversations', { count: conversations }));
  if (allowedHosts > 0) stdout.line(t('cli.forget.hosts', { count: allowedHosts }));
  if (mcpServers > 0) stdout.line(t('cli.forget.mcp-servers', { count: mcpServers }));
  if (settings) stdout.line(t('cli.forget.settings'));
  for (const { path, bytes } of folders) {
    stdout.line(t('cli.forget.folder', { path: oneLine(path, 200), size: (bytes / 1e6).toFixed(1) }));
  }
}

/** Lists keychain items of installations that are gone; a command of their own removes them. */
function showOthers(context: Context, others: Others): void {
  const { stdout, stderr, t } = context;
  if ('error' in others) {
    stderr.line(stderr.style('yellow', describeErrorWithCode(others.error, t)));
    return;
  }
  for (const { dataDir, items } of others.orphans) {
    stdout.line(t('cli.forget.orphans', { directory: oneLine(dataDir, 200), count: items }));
  }
}

type Others = Result<'keychain.orphans'> | { readonly error: WireError };

/** A keychain that does not list the items of other installations does not hold up the user's own request. */
function orphansProblem(failure: unknown): Others {
  const error = toWireError(failure);
  if (!error.code.startsWith('KEYCHAIN_')) throw failure;
  return { error };
}

async function ask({ t, askLine }: Context): Promise<boolean> {
  const { signal } = new AbortController(); // Ctrl+C ends the command itself
  const typed = await askLine(`${t('cli.forget.ask', { word: WORD })} `, signal);
  return typed?.trim().toLowerCase() === WORD;
}
