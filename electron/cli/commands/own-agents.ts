import { defined } from '../../../shared/defined.ts';
import { describeErrorWithCode } from '../../../shared/i18n/describe-error.ts';
import type { AgentView } from '../../../shared/model/agent.ts';
import { type AgentDefinition, agentDefinitionSchema } from '../../../shared/model/agent-definition.ts';
import type { Client } from '../../core/api/client.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { oneLine, terminalJson } from '../terminal/output.ts';
import { UsageError } from '../usage-error.ts';
import { agentIn, checkAgentId } from '../values.ts';
import { programLines } from './program-lines.ts';

export const agentsShow: Command = async (context) => {
  const { values, stdout, t } = context;
  const { client } = await context.openCore();
  const agent = await findAgent(client, context);
  if (values.json === true) {
    stdout.line(terminalJson({ agent }));
    return EXIT.ok;
  }
  const { origin, name, agentId, description, effective } = agent;
  stdout.line(`${stdout.style('bold', oneLine(name, 80))} (${agentId})`);
  if (description !== '') stdout.line(oneLine(description, 300));
  stdout.line(originInWords(context, origin));
  if (origin !== undefined) stdout.line(runsInWords(context, origin.definition));
  for (const line of programLines(agent, t)) stdout.line(oneLine(line, 400));
  if (agent.cannotStart !== undefined) {
    stdout.line(stdout.style('yellow', describeErrorWithCode(agent.cannotStart, t)));
  }
  const model = effective.model === '' ? t('cli.agents.own-default') : oneLine(effective.model, 200);
  if (agent.terminal === undefined) stdout.line(t('cli.agents.uses', { model, provider: effective.providerId ?? '—' }));
  return EXIT.ok;
};

export const agentsAdd: Command = async (context) => {
  const definition = definitionOf(context);
  const { client } = await context.openCore();
  const { json = false } = context.values;
  if (!json && definition.runs.kind === 'program') {
    context.stderr.line(context.t('cli.agents.trying', { agent: oneLine(definition.name, 80) }));
  }
  const { anyway = false } = context.values;
  const { agent } = await client.call('userAgents.add', { definition, ...(anyway ? { anyway } : {}) });
  if (json) context.stdout.line(terminalJson({ agent }));
  else sayAdded(context, agent);
  return EXIT.ok;
};

function sayAdded({ stdout, stderr, t }: Context, { agentId, cannotStart, readiness }: AgentView): void {
  // A missing program is told by the readiness, which looks anew each time.
  const trouble = cannotStart ?? (readiness.state === 'not-ready' ? readiness.error : undefined);
  if (trouble !== undefined) stderr.line(stderr.style('yellow', describeErrorWithCode(trouble, t)));
  stdout.line(t(cannotStart === undefined ? 'cli.agents.added' : 'cli.agents.added-anyway', { agentId }));
}

export const agentsRemove: Command = async (context) => {
  const { values, stdin, stdout, t, cwd } = context;
  const agentId = context.operands[0] ?? '';
  const { client } = await context.openCore();
  await checkAgentId(client, agentId);
  if (values.yes !== true && !stdin.isTTY) throw new UsageError('agents-remove-needs-yes');
  if (values.yes !== true && !(await ask(context, agentId))) {
    stdout.line(t('cli.agents.not-removed'));
    return EXIT.failed;
  }
  const { list } = await client.call('userAgents.remove', { agentId, projectDir: cwd });
  if (values.json === true) stdout.line(terminalJson({ removed: agentId, list }));
  else stdout.line(t('cli.agents.removed', { agentId }));
  return EXIT.ok;
};

async function findAgent(client: Client, { operands: [agentId = ''], cwd }: Context): Promise<AgentView> {
  await checkAgentId(client, agentId);
  const { agents } = await client.call('agents.refresh', { projectDir: cwd });
  return agentIn(agents, agentId);
}

/** @throws UsageError when it is none; what is wrong with its parts the core says */
function definitionOf({ operands, values }: Context): AgentDefinition {
  const [agentId = '', ...command] = operands;
  const { base, provider, name = agentId, description = '', model = '', env = [], terminal = false } = values;
  if ((base === undefined) === (command.length === 0)) throw new UsageError('agents-add');
  if (terminal && base !== undefined) throw new UsageError('agents-terminal');
  if (terminal && model !== '') throw new UsageError('agents-terminal-model');
  const variables = env.map((assignment): [string, string] => {
    const at = assignment.indexOf('=');
    if (at < 1) throw new UsageError('agents-env');
    return [assignment.slice(0, at), assignment.slice(at + 1)];
  });
  const parsed = agentDefinitionSchema.safeParse({
    agentId,
    name,
    description,
    runs: base === undefined ? { kind: terminal ? 'terminal' : 'program', command } : { kind: 'variant', of: base },
    ...defined({ providerId: provider }),
    model,
    variables: Object.fromEntries(variables),
  });
  if (!parsed.success) throw new UsageError('agents-part', { part: String(parsed.error.issues[0]?.path[0] ?? '') });
  return parsed.data;
}

function originInWords({ t }: Context, origin: AgentView['origin']): string {
  if (origin === undefined) return t('cli.agents.origin-built-in');
  if (origin.kind === 'user') return t('cli.agents.origin-user');
  return t('cli.agents.origin-declared', { file: oneLine(origin.file, 300) });
}

function runsInWords({ t }: Context, { runs }: AgentDefinition): string {
  if (runs.kind === 'variant') return t('cli.agents.runs-variant', { base: runs.of });
  if (runs.kind === 'package') return t('cli.agents.runs-package', { package: `${runs.name}@${runs.version}` });
  return t(`cli.agents.runs-${runs.kind}`, { command: oneLine(runs.command.join(' '), 300) });
}

async function ask({ t, askLine }: Context, agentId: string): Promise<boolean> {
  const { signal } = new AbortController(); // Ctrl+C ends the command itself
  const typed = await askLine(`${t('cli.agents.ask-remove', { agentId })} `, signal);
  return typed?.trim() === agentId;
}
