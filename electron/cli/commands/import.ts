import { resolve } from 'node:path';
import type { Params, Result } from '../../../shared/contract/methods.ts';
import { defined } from '../../../shared/defined.ts';
import type { WireError } from '../../../shared/errors/perch-error.ts';
import { describeErrorWithCode } from '../../../shared/i18n/describe-error.ts';
import type { Scope } from '../../../shared/model/credential.ts';
import type { ImportCandidate, ImportOutcome, ImportSource } from '../../../shared/model/credential-import.ts';
import type { Client } from '../../core/api/client.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { oneLine, terminalJson } from '../terminal/output.ts';
import { type Cell, writeTable } from '../terminal/table.ts';
import { UsageError } from '../usage-error.ts';
import { accountOf, placeInWords, scopeInWords, scopeOf } from './credentials.ts';
import { isStoredAt, numbersIn, withoutQuestion } from './import-choice.ts';

type Listing = Result<'credentials.importCandidates'>;

/** Shows what is found, masked, and takes over what is chosen: by an answer on the terminal, or by `--yes`. */
export const credentialsImport: Command = async (context) => {
  const { values, stdin, stdout, stderr, t, openCore } = context;
  const [scope, account, sources] = [scopeOf(context), accountOf(context), sourcesOf(context)];
  const [json, yes, sessionOnly] = [values.json === true, values.yes === true, values['session-only'] === true];
  const { client, hosted } = await openCore();
  if (sessionOnly && hosted) throw new UsageError('session-only-without-app');
  const listing = await look(
    client,
    sources.map((source) => ({ source, ...defined({ account }) })),
  );
  const { candidates, problems } = listing;
  const offered = candidates.filter(({ importable }) => importable);
  if (!json) show(context, { listing, offered, scope });
  if (!json && !yes && !stdin.isTTY && offered.length > 0) throw new UsageError('import-needs-yes');
  const chosen = yes ? withoutQuestion(offered, scope) : json ? [] : await ask(context, { offered, scope });
  const results: ImportOutcome[] = [];
  if (chosen.length > 0) {
    const candidateIds = chosen.map(({ candidateId }) => candidateId);
    const storage = sessionOnly ? 'session-only' : 'keychain';
    const place = { scope, storage, ...defined({ account }) } as const;
    results.push(...(await client.call('credentials.import', { candidateIds, ...place })).results);
  }
  if (json) stdout.line(terminalJson({ ...listing, problems: problems.map((one) => told(one, context)), results }));
  else for (const result of results) tell(context, result, chosen);
  if (!json && yes && chosen.length < offered.length) stderr.line(t('cli.import.left-as-it-is'));
  const failed = results.some(({ outcome }) => outcome === 'failed') || (problems.length > 0 && results.length === 0);
  return failed ? EXIT.failed : EXIT.ok;
};

function sourcesOf({ operands: [file], values, cwd }: Context): ImportSource[] {
  const sources: ImportSource[] = [];
  if (file !== undefined) sources.push({ kind: 'file', path: resolve(cwd, file) });
  if (values.shell === true) sources.push({ kind: 'shell' });
  if (values.agents === true) sources.push({ kind: 'agents' });
  if (sources.length === 0) throw new UsageError('import-source');
  return sources;
}

async function look(client: Client, asked: readonly Params<'credentials.importCandidates'>[]): Promise<Listing> {
  const parts: Listing[] = [];
  for (const one of asked) parts.push(await client.call('credentials.importCandidates', one));
  return {
    candidates: parts.flatMap(({ candidates }) => candidates),
    others: parts.reduce((sum, { others }) => sum + others, 0),
    problems: parts.flatMap(({ problems }) => problems),
  };
}

interface Shown {
  readonly offered: readonly ImportCandidate[];
  readonly scope: Scope;
}

function show(context: Context, { listing, offered, scope }: Shown & { listing: Listing }): void {
  const { stdout, stderr, t } = context;
  const { candidates, others, problems } = listing;
  for (const problem of problems) stderr.line(stderr.style('yellow', describeErrorWithCode(problem, t)));
  if (candidates.length === 0) stdout.line(t('cli.import.nothing'));
  else {
    writeTable(
      stdout,
      ['number', 'provider', 'variable', 'value', 'found-in', 'note'].map((column) => t(`cli.import.${column}`)),
      candidates.map((candidate) => row(context, candidate, { offered, scope })),
    );
  }
  for (const [index, { findings }] of offered.entries()) {
    for (const { key, values } of findings.filter(({ level }) => level !== 'info')) {
      stdout.line(stdout.style('yellow', `${index + 1}  ${t(key, values)}`));
    }
  }
  const logins = new Set(candidates.flatMap(({ why, agentId }) => (why === 'login' && agentId ? [agentId] : [])));
  for (const agentId of logins) stdout.line(t('cli.what-to-do', { command: `perch agents login ${agentId}` }));
  if (others > 0) stdout.line(t('cli.import.others', { count: others }));
}

function row({ t }: Context, candidate: ImportCandidate, { offered, scope }: Shown): (Cell | string)[] {
  const { importable, providerId, variable = '', masked, source, why } = candidate;
  const number = importable ? String(offered.indexOf(candidate) + 1) : '';
  const note =
    why !== undefined ? t(`reason.import-${why}`) : isStoredAt(candidate, scope) ? t('cli.import.replaces') : '';
  return [{ text: number, style: 'bold' }, providerId, variable, masked, oneLine(source, 60), note];
}

async function ask({ t, askLine, stderr }: Context, { offered, scope }: Shown): Promise<readonly ImportCandidate[]> {
  if (offered.length === 0) return [];
  const { signal } = new AbortController(); // Ctrl+C ends the command itself
  for (;;) {
    const typed = await askLine(`${t('cli.import.choose', { scope: scopeInWords(scope, t) })} `, signal);
    if (typed?.trim().toLowerCase() === 'all') return withoutQuestion(offered, scope);
    const numbers = numbersIn(typed ?? '', offered.length);
    if (numbers !== undefined) return offered.filter((_, index) => numbers.has(index + 1));
    stderr.line(t('cli.import.choose-again', { count: offered.length }));
  }
}

function tell({ stdout, stderr, t }: Context, result: ImportOutcome, chosen: readonly ImportCandidate[]): void {
  if (result.outcome === 'failed') {
    const variable = chosen.find(({ candidateId }) => candidateId === result.candidateId)?.variable ?? '';
    stderr.line(stderr.style('red', `${variable}: ${describeErrorWithCode(result.error, t)}`));
    return;
  }
  const { variable, providerId, masked, storage } = result.credential;
  const words = {
    variable,
    providerId,
    masked,
    scope: placeInWords(result.credential, t),
    storage: t(`cli.credentials.${storage}`),
  };
  stdout.line(t(result.replaced ? 'cli.credentials.replaced' : 'cli.credentials.stored', words));
}

function told(error: WireError, { t }: Context) {
  return { ...error, message: t(`error.${error.code}`, error.values) };
}
