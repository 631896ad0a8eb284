import { type ReactNode, useEffect, useState } from 'react';
import type { Result } from '../../shared/contract/methods.ts';
import type { AgentView } from '../../shared/model/agent.ts';
import { leftOutOf } from '../../shared/model/environment-plan.ts';
import { groupOf, PLAN_GROUPS, type SessionLine, sessionLines } from '../../shared/model/session-lines.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { defaultModelName } from '../stores/model-name.ts';
import { RouteLink } from '../ui/link.tsx';
import { List } from '../ui/list.tsx';
import { Conflicts } from './conflicts.tsx';
import '../forms/settings.css';

type Planned = Result<'environment.plan'>;

/**
 * *What this session will get*: five lines, and below them everything name by name. Asked for when opened, and
 * again when what it is made of changes. Why a session would be refused stands beside the prompt already.
 */
export function EnvironmentPlan({ agent }: { agent: AgentView }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  return (
    <details className="plan-details" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('environment.title')}</summary>
      {open && <LoadedPlan agent={agent} />}
    </details>
  );
}

function LoadedPlan({ agent }: { agent: AgentView }) {
  const t = useT();
  const { credentials, egress, network, providers, settings, turns, variables, mcpServers } = useSlices(
    'credentials',
    'egress',
    'network',
    'providers',
    'settings',
    'turns',
    'variables',
    'mcpServers',
  );
  const { transport } = useServices();
  const [planned, setPlanned] = useState<Planned | null>(null);
  const { projectDir } = settings;
  const load = useAction(async () =>
    setPlanned(
      await transport.call('environment.plan', { agentId: agent.agentId, ...(projectDir ? { projectDir } : {}) }),
    ),
  );
  const run = load.run;
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what the plan is made of
  useEffect(() => void run(), [run, agent, credentials, egress, network, providers, projectDir, variables, mcpServers]);
  if (planned === null) return load.error ? <ErrorText error={load.error} /> : <p className="hint">{t('loading')}</p>;
  const model = planned.model || defaultModelName(agent, turns, t);
  return (
    <div className="environment">
      <ErrorText error={load.error} />
      <dl className="session-lines">
        {sessionLines(planned, model).map((line) => (
          <Line key={line.what} line={line} />
        ))}
      </dl>
      <Conflicts conflicts={planned.conflicts ?? []} />
      <Variables planned={planned} />
      <McpServers planned={planned} />
      <LeftOut planned={planned} />
      {!agent.demo && (
        <p>
          <RouteLink to={{ view: 'settings', page: 'environment', agentId: agent.agentId }}>
            {t('environment.toVariables', { agent: agent.name })}
          </RouteLink>
        </p>
      )}
    </div>
  );
}

function Line({ line: { what, said, open } }: { line: SessionLine }) {
  const t = useT();
  return (
    <div className={open ? 'session-line-open' : undefined}>
      <dt>{t(`session.line.${what}`)}</dt>
      {said.map((one) => {
        const text = 'text' in one ? one.text : t(one.key, one.values);
        return <dd key={text}>{text}</dd>;
      })}
    </div>
  );
}

/** Reasons are message keys; one that this window does not know yet is shown as it came. */
function useReason(): (reason: string) => string {
  const t = useT();
  return (reason) => {
    const sentence = t(reason);
    return sentence === `[${reason}]` ? reason : sentence;
  };
}

function Group({ title, count, children }: { title: string; count: number; children: ReactNode }) {
  const t = useT();
  if (count === 0) return null;
  return (
    <details className="plan-group">
      <summary>{t('environment.group', { title, count })}</summary>
      <List className="plan-rows">{children}</List>
    </details>
  );
}

function Row({ name, value, why }: { name: string; value?: string; why: string }) {
  return (
    <li>
      <span className="plan-row-name">
        <code>{name}</code>
        {value !== undefined && <code className="plan-row-value">{value}</code>}
      </span>
      <span className="plan-row-why">{why}</span>
    </li>
  );
}

function Variables({ planned: { plan } }: { planned: Planned }) {
  const t = useT();
  const reason = useReason();
  const files = plan.login?.files ?? [];
  return PLAN_GROUPS.map((group) => {
    const variables = plan.set.filter((variable) => groupOf(variable) === group);
    const ofLogin = group === 'credential' ? files : [];
    return (
      <Group key={group} title={t(`environment.group.${group}`)} count={variables.length + ofLogin.length}>
        {variables.map(({ name, shown, source, reason: why }) => (
          <Row
            key={name}
            name={name}
            value={shown}
            why={t('environment.why', { source: t(`environment.source.${source}`), reason: reason(why) })}
          />
        ))}
        {ofLogin.map((file) => (
          <Row key={file} name={file} why={t('reason.own-login')} />
        ))}
      </Group>
    );
  });
}

/** The servers that the session is told of, and why it is not told of the others. */
function McpServers({ planned }: { planned: Planned }) {
  const t = useT();
  const servers = planned.plan.mcpServers ?? [];
  return (
    <Group title={t('environment.mcp')} count={servers.length}>
      {servers.map(({ name, target, problem }) => (
        <Row key={name} name={name} why={problem === undefined ? target : t(problem.key, problem.values)} />
      ))}
    </Group>
  );
}

function LeftOut({ planned }: { planned: Planned }) {
  const t = useT();
  const reason = useReason();
  const leftOut = leftOutOf(planned.plan);
  return (
    <Group title={t('environment.leftOut')} count={leftOut.length}>
      {leftOut.map((entry) => (
        <Row key={`${entry.name} ${entry.reason}`} name={entry.name} why={reason(entry.reason)} />
      ))}
    </Group>
  );
}
