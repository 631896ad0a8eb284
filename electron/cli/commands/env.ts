import type { Result } from '../../../shared/contract/methods.ts';
import { defined } from '../../../shared/defined.ts';
import { describeErrorWithCode } from '../../../shared/i18n/describe-error.ts';
import { leftOutOf } from '../../../shared/model/environment-plan.ts';
import { sessionLines } from '../../../shared/model/session-lines.ts';
import { parseScope } from '../arguments/scope.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { oneLine, terminalJson } from '../terminal/output.ts';
import { writeTable } from '../terminal/table.ts';
import { UsageError } from '../usage-error.ts';
import { checkAgentId, projectDirOf } from '../values.ts';

/** Shows the environment that a session started now would get. Secrets arrive masked from the core. */
export const env: Command = async (context) => {
  const { values, stdout, t, openCore } = context;
  const { agentId, projectDir } = placeOf(context);
  const { client } = await openCore();
  await checkAgentId(client, agentId);
  const answer = await client.call('environment.plan', {
    agentId,
    ...defined({ projectDir, model: values.model }),
  });
  if (values.json === true) {
    const { refusal } = answer;
    const told =
      refusal === undefined ? {} : { refusal: { ...refusal, message: t(`error.${refusal.code}`, refusal.values) } };
    stdout.line(terminalJson({ agentId, ...answer, ...told }));
    return EXIT.ok;
  }
  show(context, answer);
  return EXIT.ok;
};

/**
 * Which session is meant. A scope names its agent or its working directory as the two options do; `global` is a session
 * outside of every project.
 */
function placeOf(context: Context): { agentId: string; projectDir: string | undefined } {
  const { values, cwd } = context;
  const scope = values.scope === undefined ? undefined : parseScope(values.scope, cwd);
  if (values.scope !== undefined && scope === undefined) throw new UsageError('scope');
  const agentId = values.agent ?? (scope?.kind === 'agent' ? scope.agentId : undefined);
  if (agentId === undefined) throw new UsageError('missing-option', { option: '--agent' });
  if (scope?.kind === 'project') return { agentId, projectDir: scope.projectDir };
  return {
    agentId,
    projectDir: scope?.kind === 'global' && values.project === undefined ? undefined : projectDirOf(context),
  };
}

function show({ stdout, stderr, t }: Context, answer: Result<'environment.plan'>): void {
  const { plan, model, refusal, conflicts = [] } = answer;
  writeTable(
    stdout,
    ['', ''],
    sessionLines(answer, model || t('cli.agents.own-default')).map(({ what, said, open }) => {
      const text = said.map((one) => ('text' in one ? one.text : t(one.key, one.values))).join(', ');
      const line = oneLine(text, 300);
      return [{ text: t(`session.line.${what}`), style: 'bold' }, open ? { text: line, style: 'yellow' } : line];
    }),
  );
  stdout.line();
  writeTable(
    stdout,
    ['name', 'shown', 'source', 'reason'].map((column) => t(`cli.env.${column}`)),
    [
      ...plan.set.map(({ name, shown, source, reason, secret }) => [
        { text: name, style: 'bold' } as const,
        secret ? ({ text: oneLine(shown, 60), style: 'cyan' } as const) : oneLine(shown, 60),
        t(`cli.source.${source}`),
        t(reason),
      ]),
      ...(plan.login?.files ?? []).map((file) => [
        { text: t('cli.env.file'), style: 'bold' } as const,
        oneLine(file, 200),
        t('cli.source.login'),
        t('reason.own-login'),
      ]),
    ],
  );
  const servers = plan.mcpServers ?? [];
  if (servers.length > 0) {
    stdout.line();
    writeTable(
      stdout,
      [t('cli.mcp.servers'), '', ''],
      servers.map(({ name, transport, target, problem }) => [
        { text: name, style: 'bold' },
        transport,
        problem === undefined ? oneLine(target, 60) : { text: t(problem.key, problem.values), style: 'yellow' },
      ]),
    );
  }
  const leftOut = leftOutOf(plan).map(({ what, name, reason }) => [name, t(`cli.env.${what}`), t(reason)]);
  if (leftOut.length > 0) {
    stdout.line();
    writeTable(stdout, [t('cli.env.left-out'), '', t('cli.env.reason')], leftOut);
  }
  for (const { level, key, values } of conflicts) {
    stderr.line(level === 'warn' ? stderr.style('yellow', t(key, values)) : t(key, values));
  }
  if (refusal !== undefined) {
    stderr.line(stderr.style('yellow', t('cli.env.refused', { sentence: describeErrorWithCode(refusal, t) })));
  }
}
