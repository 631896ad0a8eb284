import type { AgentView } from '../../../shared/model/agent.ts';
import { useT } from '../../context/services.tsx';
import { DeclaredIn } from '../../declared/origin-tag.tsx';
import { ErrorText } from '../../failure/error-text.tsx';
import { EnvironmentPlan } from '../../plan/environment-plan.tsx';
import { RouteLink } from '../../ui/link.tsx';
import { AgentHead } from '../agent-head.tsx';
import { Forget } from '../forget/forget.tsx';
import { Install } from '../program/install.tsx';
import { WhereFound } from '../program/where-found.tsx';
import { CredentialSection } from './credential-section.tsx';
import { HostsSection } from './hosts-section.tsx';
import { McpSection } from './mcp-section.tsx';
import { ModeSection } from './mode-section.tsx';
import { ModelSection } from './model-section.tsx';
import { ResetAll } from './reset-all.tsx';
import { SandboxSection } from './sandbox-section.tsx';
import { Section } from './section.tsx';
import { StateSection } from './state-section.tsx';
import { WorkingRulesSection } from './working-rules-section.tsx';
import './agent.css';

/**
 * The settings of one agent, each with the way back to its default; for a declared agent only those that Perch itself
 * has.
 */
export function AgentPage({ agent }: { agent: AgentView }) {
  const t = useT();
  const isDeclared = agent.origin?.kind === 'declared';
  return (
    <>
      <p>
        <RouteLink to={{ view: 'settings', page: 'agents' }}>{t('agentSettings.all')}</RouteLink>
      </p>
      <section className="card" aria-label={agent.name}>
        <AgentHead agent={agent} />
        <WhereFound agent={agent} />
        <Install agent={agent} />
        {agent.readiness.state === 'not-ready' && <ErrorText error={agent.readiness.error} />}
        <DeclaredIn agent={agent} />
      </section>
      {!isDeclared && <Chosen agent={agent} />}
      <HostsSection agent={agent} />
      <Section title={t('settings.environment')}>
        {!agent.demo && (
          <p>
            <RouteLink to={{ view: 'settings', page: 'environment', agentId: agent.agentId }}>
              {t('environment.toVariables', { agent: agent.name })}
            </RouteLink>
          </p>
        )}
        <EnvironmentPlan agent={agent} />
      </Section>
      {!isDeclared && (
        <>
          <StateSection agent={agent} />
          <Section title={t('agentSettings.end')}>
            <ResetAll agent={agent} />
            <Forget
              target={{ kind: 'agent', agentId: agent.agentId }}
              label={t('forget.agent', { agent: agent.name })}
            />
          </Section>
        </>
      )}
    </>
  );
}

/** The user's choices for an agent. */
function Chosen({ agent }: { agent: AgentView }) {
  return (
    <>
      <ModeSection agent={agent} />
      {agent.terminal === undefined && <ModelSection agent={agent} />}
      {agent.providerIds.length > 0 && <CredentialSection agent={agent} />}
      <WorkingRulesSection agent={agent} />
      <SandboxSection agent={agent} />
      {agent.terminal === undefined && <McpSection agent={agent} />}
    </>
  );
}
