import { useEffect, useState } from 'react';
import type { Result } from '../../shared/contract/methods.ts';
import type { AgentView } from '../../shared/model/agent.ts';
import { leftOutOf } from '../../shared/model/environment-plan.ts';
import { useApp, useServices, useT } from '../app/services.tsx';
import { Conflicts } from '../popover/conflicts.tsx';
import { ErrorText, useErrorSentence } from '../ui/error-text.tsx';
import { RouteLink } from '../ui/link.tsx';
import { List } from '../ui/list.tsx';
import { useAction } from '../ui/use-action.ts';
import './settings.css';

type Planned = Result<'environment.plan'>;

/** *What this session will get*, name by name (R52). Asked for when opened, and again when what it is made of changes. */
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
  const { credentials, network, providers, settings, variables, mcpServers } = useApp();
  const { transport } = useServices();
  const sentence = useErrorSentence();
  const [planned, setPlanned] = useState<Planned | null>(null);
  const { projectDir } = settings;
  const load = useAction(async () =>
    setPlanned(
      await transport.call('environment.plan', { agentId: agent.agentId, ...(projectDir ? { projectDir } : {}) }),
    ),
  );
  const run = load.run;
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what the plan is made of
  useEffect(() => void run(), [run, agent, credentials, network, providers, projectDir, variables, mcpServers]);
  if (planned === null) return load.error ? <ErrorText error={load.error} /> : <p className="hint">{t('loading')}</p>;
  return (
    <div className="environment">
      <ErrorText error={load.error} />
      {planned.refusal && (
        <p className="environment-refusal">{t('environment.refusal', { sentence: sentence(planned.refusal) })}</p>
      )}
      <Conflicts conflicts={planned.conflicts ?? []} />
      <SetTable planned={planned} />
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

/** Reasons are message keys; one that this window does not know yet is shown as it came. */
function useReason(): (reason: string) => string {
  const t = useT();
  return (reason) => {
    const sentence = t(reason);
    return sentence === `[${reason}]` ? reason : sentence;
  };
}

function SetTable({ planned }: { planned: Planned }) {
  const t = useT();
  const reason = useReason();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section className="table-scroll" tabIndex={0} aria-label={t('environment.title')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('environment.name')}</th>
            <th scope="col">{t('environment.value')}</th>
            <th scope="col">{t('environment.source')}</th>
          </tr>
        </thead>
        <tbody>
          {planned.plan.set.map((variable) => (
            <tr key={variable.name}>
              <th scope="row">
                <code>{variable.name}</code>
              </th>
              <td>
                <code>{variable.shown}</code>
              </td>
              <td title={reason(variable.reason)}>{t(`environment.source.${variable.source}`)}</td>
            </tr>
          ))}
          {planned.plan.login?.files.map((file) => (
            <tr key={file}>
              <th scope="row">{t('environment.file')}</th>
              <td>
                <code>{file}</code>
              </td>
              <td title={t('reason.own-login')}>{t('environment.source.login')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The servers that the session is told of, and why it is not told of the others. */
function McpServers({ planned }: { planned: Planned }) {
  const t = useT();
  const servers = planned.plan.mcpServers ?? [];
  if (servers.length === 0) return null;
  return (
    <>
      <h4>{t('environment.mcp')}</h4>
      <List className="left-out">
        {servers.map(({ name, target, problem }) => (
          <li key={name}>
            <strong>{name}</strong>{' '}
            {problem === undefined ? <code>{target}</code> : <span>{t(problem.key, problem.values)}</span>}
          </li>
        ))}
      </List>
    </>
  );
}

function LeftOut({ planned }: { planned: Planned }) {
  const t = useT();
  const reason = useReason();
  const leftOut = leftOutOf(planned.plan);
  if (leftOut.length === 0) return null;
  return (
    <>
      <h4>{t('environment.leftOut')}</h4>
      <List className="left-out">
        {leftOut.map((entry) => (
          <li key={`${entry.name} ${entry.reason}`}>
            <code>{entry.name}</code> <span>{reason(entry.reason)}</span>
          </li>
        ))}
      </List>
    </>
  );
}
