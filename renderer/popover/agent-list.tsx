import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { AgentView } from '../../shared/model/agent.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { OriginTag } from '../declared/origin-tag.tsx';
import { ErrorText, useErrorSentence } from '../failure/error-text.tsx';
import { HowToInstall } from '../installs/how-to-install.tsx';
import { InstallControl } from '../installs/install-control.tsx';
import { SignInLink } from '../sign-in/sign-in-link.tsx';
import { signInFor } from '../sign-in/ways.ts';
import { defaultModelName } from '../stores/model-name.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { RouteLink } from '../ui/link.tsx';
import { List } from '../ui/list.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { agentSummary, credentialProvider, useAgentState } from './agent-state.ts';
import { DemoTag } from './demo-tag.tsx';

interface AgentListProps {
  readonly agents: readonly AgentView[];
  readonly selectedId: string | undefined;
  /** The list has done its work: an agent was picked, or Escape was pressed. */
  readonly onDone: () => void;
}

export function AgentList({ agents, selectedId, onDone }: AgentListProps) {
  const t = useT();
  const { transport } = useServices();
  const list = useRef<HTMLUListElement>(null);
  const refresh = useAction(() => transport.call('agents.refresh', {}));
  const select = useAction(async (agentId: string) => {
    await transport.call('agents.select', { agentId });
    onDone();
  });
  useEffect(() => {
    const buttons = pickButtons(list.current);
    (buttons.find((button) => button.ariaCurrent === 'true') ?? buttons[0])?.focus();
  }, []);
  return (
    <div className="agent-list-box">
      <List
        ref={list}
        className="agent-list"
        aria-label={t('agents')}
        onKeyDown={(event) => moveFocus(event, list.current, onDone)}
      >
        {agents.map((agent) => (
          <AgentRow key={agent.agentId} agent={agent} selected={agent.agentId === selectedId} onSelect={select.run} />
        ))}
      </List>
      <ErrorText error={select.error ?? refresh.error} />
      <Button look="quiet" onClick={() => refresh.run()} disabled={refresh.pending}>
        {t(refresh.pending ? 'agents.refreshing' : 'agents.refresh')}
      </Button>
    </div>
  );
}

function pickButtons(list: HTMLElement | null): HTMLButtonElement[] {
  return [...(list?.querySelectorAll<HTMLButtonElement>('button.agent-pick') ?? [])];
}

function moveFocus(event: KeyboardEvent, list: HTMLElement | null, onDone: () => void) {
  if (event.key === 'Escape') {
    event.preventDefault();
    event.stopPropagation();
    return onDone();
  }
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const buttons = pickButtons(list);
  const index = buttons.indexOf(document.activeElement as HTMLButtonElement);
  buttons[(index + step + buttons.length) % buttons.length]?.focus();
}

interface AgentRowProps {
  readonly agent: AgentView;
  readonly selected: boolean;
  readonly onSelect: (agentId: string) => void;
}

function AgentRow({ agent, selected, onSelect }: AgentRowProps) {
  const t = useT();
  const state = useAgentState(agent);
  const { turns } = useSlices('turns');
  const model = agent.effective.model || defaultModelName(agent, turns, t);
  const isThere = agent.installation.state === 'found';
  return (
    <li className="agent-row">
      <button type="button" className="agent-pick" aria-current={selected} onClick={() => onSelect(agent.agentId)}>
        <StatusDot tone={state.tone} />
        <span className="agent-line">
          <span className="agent-name">
            {agent.name} <DemoTag agent={agent} /> <OriginTag agent={agent} />
          </span>
          <span className="agent-meta">
            {agentSummary(agent, state)}
            {isThere && ` · ${model}`}
          </span>
        </span>
        {selected && <Icon name="check" />}
      </button>
      <AgentRemedy agent={agent} label={t('pasteKey.for', { agent: agent.name })} selected={selected} />
    </li>
  );
}

/** The one step that makes this agent usable. The card above asks for the selected agent's token. */
function AgentRemedy({ agent, label, selected }: { agent: AgentView; label: string; selected: boolean }) {
  const t = useT();
  const sentence = useErrorSentence();
  if (agent.install !== undefined && agent.installation.state === 'missing') {
    return (
      <div className="agent-remedy">
        <InstallControl agent={agent} />
      </div>
    );
  }
  if (agent.installation.state === 'missing') {
    return <HowToInstall agent={agent} installation={agent.installation} />;
  }
  if (agent.installation.state === 'could-not-check')
    return <p className="agent-remedy hint">{agent.installation.reason}</p>;
  if (agent.cannotStart !== undefined && agent.readiness.state === 'ready')
    return <p className="agent-remedy hint">{sentence(agent.cannotStart)}</p>;
  const providerId = credentialProvider(agent);
  if (providerId === undefined || selected || agent.readiness.state !== 'not-ready') return null;
  const login = signInFor(agent, agent.readiness.error);
  return (
    <div className="agent-remedy agent-ways">
      {login !== undefined && <SignInLink agentId={agent.agentId} name={login.name} describes={agent.name} />}
      <RouteLink to={{ view: 'settings', page: 'credentials', providerId }} look="plain" aria-label={label} icon="key">
        {t('pasteKey')}
      </RouteLink>
      {login?.inTerminal && <p className="hint">{t('ways.inTerminal.short')}</p>}
    </div>
  );
}
