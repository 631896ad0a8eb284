import { useEffect, useId, useRef } from 'react';
import type { AgentView } from '../../shared/model/agent.ts';
import { useApp, useServices, useT } from '../app/services.tsx';
import { DeclarationCard } from '../declared/declaration-card.tsx';
import { DeclaredIn, OriginTag } from '../declared/origin-tag.tsx';
import { agentSummary, useAgentState } from '../popover/agent-state.ts';
import { DemoTag } from '../popover/demo-tag.tsx';
import { ModelField } from '../popover/model-field.tsx';
import { protectionOf } from '../stores/select.ts';
import { ErrorText } from '../ui/error-text.tsx';
import { ExplainedSwitch } from '../ui/explained-switch.tsx';
import { Field } from '../ui/field.tsx';
import { OutsideLink } from '../ui/link.tsx';
import { List } from '../ui/list.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { useAction } from '../ui/use-action.ts';
import { AgentAccount } from './agent-account.tsx';
import { EnvironmentPlan } from './environment-plan.tsx';
import { Forget } from './forget/forget.tsx';
import { OwnLogin } from './login/own-login.tsx';
import { AddOwnAgent, OwnAgentActions } from './own-agents/own-agents.tsx';
import { Install } from './program/install.tsx';
import { LoginShellNotice } from './program/login-shell-notice.tsx';
import { WhereFound } from './program/where-found.tsx';
import { SecretFilesSwitch } from './secret-files-switch.tsx';

/** `agentId`: the one that was asked for, brought into view. */
export function AgentsPage({ agentId }: { agentId: string | undefined }) {
  const { agents } = useApp();
  return (
    <>
      <LoginShellNotice />
      <DeclarationCard />
      <AddOwnAgent />
      <List className="stack">
        {agents.map((agent) => (
          <AgentCard key={agent.agentId} agent={agent} wanted={agent.agentId === agentId} />
        ))}
      </List>
    </>
  );
}

function AgentCard({ agent, wanted }: { agent: AgentView; wanted: boolean }) {
  const t = useT();
  const state = useAgentState(agent);
  const card = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (wanted) card.current?.scrollIntoView({ block: 'start' });
  }, [wanted]);
  return (
    <li className="card" ref={card}>
      <div className="row row-between">
        <h3>
          {agent.name} <DemoTag agent={agent} /> <OriginTag agent={agent} />
        </h3>
        <span className="agent-meta">
          <StatusDot tone={state.tone} /> {agentSummary(agent, state)}
        </span>
      </div>
      <p className="hint">
        {agent.description} {agent.homepage && <OutsideLink href={agent.homepage}>{t('agents.homepage')}</OutsideLink>}
      </p>
      <WhereFound agent={agent} />
      <Install agent={agent} />
      {agent.readiness.state === 'not-ready' && agent.installation.state === 'found' && (
        <ErrorText error={agent.readiness.error} />
      )}
      {agent.origin?.kind === 'declared' ? <DeclaredIn agent={agent} /> : <AgentControls agent={agent} />}
      <EnvironmentPlan agent={agent} />
    </li>
  );
}

/** What the user decides of an agent. */
function AgentControls({ agent }: { agent: AgentView }) {
  const t = useT();
  return (
    <>
      <div className="agent-fields">
        <ModelField agent={agent} />
        {agent.settings.auth.mode === 'byo' && agent.providerIds.length > 0 && <ProviderField agent={agent} />}
        <AgentAccount agent={agent} />
      </div>
      {agent.showsCredentialToTools && <p className="hint">{t('agents.toolsSeeCredential', { agent: agent.name })}</p>}
      <OwnLogin agent={agent} />
      <SandboxSwitch agent={agent} />
      {agent.settings.sandbox === 'on' && <SecretFilesSwitch agent={agent} />}
      <OwnAgentActions agent={agent} />
      <Forget target={{ kind: 'agent', agentId: agent.agentId }} label={t('forget.agent', { agent: agent.name })} />
    </>
  );
}

function ProviderField({ agent }: { agent: AgentView }) {
  const t = useT();
  const { providers } = useApp();
  const { transport } = useServices();
  const id = useId();
  const choose = useAction((providerId: string) =>
    transport.call('agents.configure', {
      agentId: agent.agentId,
      settings: { auth: { mode: 'byo', providerId: providerId === '' ? null : providerId } },
    }),
  );
  const nameOf = (providerId: string) =>
    providers.find((provider) => provider.providerId === providerId)?.name ?? providerId;
  const derived = agent.settings.auth.providerId === undefined ? agent.effective.providerId : undefined;
  return (
    <Field id={id} label={t('provider')}>
      <select id={id} value={agent.settings.auth.providerId ?? ''} onChange={(event) => choose.run(event.target.value)}>
        <option value="">
          {derived ? t('provider.derivedAs', { provider: nameOf(derived) }) : t('provider.derived')}
        </option>
        {agent.providerIds.map((providerId) => (
          <option key={providerId} value={providerId}>
            {nameOf(providerId)}
          </option>
        ))}
      </select>
      <ErrorText error={choose.error} />
    </Field>
  );
}

/** Turning it off is a choice with a consequence, which stands beside the switch before and after. */
function SandboxSwitch({ agent }: { agent: AgentView }) {
  const t = useT();
  const app = useApp();
  const { transport } = useServices();
  const set = useAction((on: boolean) =>
    transport.call('agents.configure', { agentId: agent.agentId, settings: { sandbox: on ? 'on' : 'off' } }),
  );
  const protection = protectionOf(agent, app);
  const on = agent.settings.sandbox === 'on';
  return (
    <ExplainedSwitch label={t('sandbox.switch')} checked={on} weakens={!on} action={set}>
      {on ? t('sandbox.consequence.on') : t('sandbox.consequence.off', { agent: agent.name })}
      {protection.kind === 'unavailable' && ` ${t('sandbox.consequence.unavailable', { reason: protection.reason })}`}
    </ExplainedSwitch>
  );
}
