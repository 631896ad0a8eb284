import type { Result } from '../../../shared/contract/methods.ts';
import { describeErrorWithCode } from '../../../shared/i18n/describe-error.ts';
import { type AgentDefinition, agentDefinitionSchema, runsAsText } from '../../../shared/model/agent-definition.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { oneLine, terminalJson } from '../terminal/output.ts';
import { UsageError } from '../usage-error.ts';
import { numbersIn } from './import-choice.ts';

type Found = Result<'userAgents.importCandidates'>;

/**
 * Shows what a repository declares; then takes what is chosen by number, or with `--yes` all whose id is free. `--as`
 * gives the one that is taken another id. With `--json` alone it only shows.
 */
export const agentsImport: Command = async (context) => {
  const { values, operands, stdin, stdout } = context;
  const { client } = await context.openCore();
  const found = await client.call('userAgents.importCandidates', { source: operands[0] ?? '' });
  const [json, yes] = [values.json === true, values.yes === true];
  if (!json) show(context, found);
  if (!json && !yes && !stdin.isTTY && found.candidates.length > 0) throw new UsageError('agents-import-needs-yes');
  const chosen = await choose(context, found);
  const definitions = renamed(chosen, values.as);
  const { results } = await client.call('userAgents.import', { definitions: [...definitions] });
  if (json) stdout.line(terminalJson({ ...found, results }));
  else tell(context, results);
  const failed = found.problems.length > 0 || results.some(({ outcome }) => outcome === 'failed');
  return failed ? EXIT.failed : EXIT.ok;
};

async function choose(context: Context, { candidates }: Found): Promise<readonly AgentDefinition[]> {
  const { values, t, askLine } = context;
  const free = candidates.filter(({ taken }) => !taken || values.as !== undefined).map(({ definition }) => definition);
  if (values.yes === true) return free;
  if (values.json === true || candidates.length === 0) return [];
  const { signal } = new AbortController(); // Ctrl+C ends the command itself
  const typed = await askLine(`${t('cli.agents.import-ask')} `, signal);
  const numbers = numbersIn(typed ?? '', candidates.length);
  if (numbers === undefined) throw new UsageError('agents-import-numbers', { count: String(candidates.length) });
  return candidates.filter((_, index) => numbers.has(index + 1)).map(({ definition }) => definition);
}

/** @throws UsageError when there is not exactly one, or the id is none */
function renamed(chosen: readonly AgentDefinition[], id: string | undefined): readonly AgentDefinition[] {
  if (id === undefined || chosen.length === 0) return chosen;
  const [only, ...others] = chosen;
  const parsed = agentDefinitionSchema.safeParse({ ...only, agentId: id });
  if (others.length > 0 || !parsed.success) throw new UsageError('agents-import-as');
  return [parsed.data];
}

function show({ stdout, t }: Context, { repository, file, candidates, leftOut, problems }: Found): void {
  if (problems.length > 0) stdout.line(t('cli.agents.import-invalid', { repository, file: oneLine(file, 200) }));
  for (const { line, column, reason, values } of problems) {
    stdout.line(`  ${line}:${column} ${oneLine(t(`reason.declared-${reason}`, values), 300)}`);
  }
  if (problems.length > 0) return;
  if (candidates.length === 0) stdout.line(t('cli.agents.import-nothing', { repository }));
  for (const [index, { definition, taken }] of candidates.entries()) {
    const { agentId, runs } = definition;
    const command = runsAsText(runs);
    const values = { number: index + 1, agentId, what: oneLine(command, 200) };
    stdout.line(t(`cli.agents.import-${runs.kind}${taken ? '-taken' : ''}`, values));
  }
  if (leftOut > 0) stdout.line(t('cli.agents.import-left-out', { count: leftOut }));
}

function tell({ stdout, stderr, t }: Context, results: Result<'userAgents.import'>['results']): void {
  for (const result of results) {
    if (result.outcome === 'added') stdout.line(t('cli.agents.added', { agentId: result.agentId }));
    else stderr.line(stderr.style('red', describeErrorWithCode(result.error, t)));
  }
}
