import type { AgentView } from '../../shared/model/agent.ts';
import { useSlices, useT } from '../context/services.tsx';
import { DeclarationCard } from '../declared/declaration-card.tsx';
import { DeclaredIn } from '../declared/origin-tag.tsx';
import { ErrorText } from '../failure/error-text.tsx';
import { defaultModelName } from '../stores/model-name.ts';
import { findAgent, providerName } from '../stores/select.ts';
import { RouteLink } from '../ui/link.tsx';
import { List } from '../ui/list.tsx';
import { AgentPage } from './agent/page.tsx';
import { AgentHead } from './agent-head.tsx';
import { OwnLogin } from './login/own-login.tsx';
import { CannotStart } from './own-agents/cannot-start.tsx';
import { ImportAgents } from './own-agents/import.tsx';
import { AddOwnAgent, OwnAgentActions } from './own-agents/own-agents.tsx';
import { Install } from './program/install.tsx';
import { LoginShellNotice } from './program/login-shell-notice.tsx';
import { OtherAgents } from './program/other-agents.tsx';
import { WhereFound } from './program/where-found.tsx';

/** The list of agents; with `agentId` the settings of that one. */
export function AgentsPage({ agentId }: { agentId: string | undefined }) {
  const app = useSlices('agents');
  const wanted = agentId === undefined ? undefined : findAgent(app, agentId);
  if (wanted !== undefined) return <AgentPage agent={wanted} key={wanted.agentId} />;
  return (
    <>
      <LoginShellNotice />
      <DeclarationCard />
      <div className="own-agents-ways">
        <AddOwnAgent />
        <ImportAgents />
      </div>
      <List className="stack">
        {app.agents.map((agent) => (
          <AgentCard key={agent.agentId} agent={agent} />
        ))}
      </List>
      <OtherAgents />
    </>
  );
}

function AgentCard({ agent }: { agent: AgentView }) {
  const t = useT();
  return (
    <li className="card">
      <AgentHead agent={agent} />
      <WhereFound agent={agent} />
      <Install agent={agent} />
      {agent.readiness.state === 'not-ready' && agent.installation.state === 'found' && (
        <ErrorText error={agent.readiness.error} />
      )}
      <CannotStart agent={agent} />
      {agent.origin?.kind === 'declared' ? <DeclaredIn agent={agent} /> : <OwnLogin agent={agent} />}
      <OwnAgentActions agent={agent} />
      <Summary agent={agent} />
      <p>
        <RouteLink to={{ view: 'settings', page: 'agents', agentId: agent.agentId }}>
          {t('agentSettings.open', { agent: agent.name })}
        </RouteLink>
      </p>
    </li>
  );
}

/** The provider, the model and the mode of a turn started now, on one line. */
function Summary({ agent }: { agent: AgentView }) {
  const t = useT();
  const app = useSlices('turns', 'providers');
  const { mode, model, providerId } = agent.effective;
  const parts = [
    mode === 'managed' ? t('mode.managed') : undefined,
    model || defaultModelName(agent, app.turns, t),
    providerId === undefined ? undefined : providerName(app, providerId),
    agent.settings.sandbox === 'off' ? t('sandbox.off') : undefined,
  ];
  return <p className="agent-meta">{parts.filter((part) => part !== undefined).join(' · ')}</p>;
}
