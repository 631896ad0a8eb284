import { defined } from '../../../shared/defined.ts';
import type { AgentView } from '../../../shared/model/agent.ts';
import { useSlices, useT } from '../../context/services.tsx';
import { scopeText } from '../../credentials/scope-text.ts';
import { Conflicts } from '../../plan/conflicts.tsx';
import { agentName, providerName } from '../../stores/select.ts';
import { RouteLink } from '../../ui/link.tsx';
import { List } from '../../ui/list.tsx';
import { AgentAccount } from '../agent-account.tsx';
import { OwnLogin } from '../login/own-login.tsx';
import { Section } from './section.tsx';
import { useReset } from './use-reset.ts';

/** The credentials that the agent's sessions can get, and which account of them it uses. */
export function CredentialSection({ agent }: { agent: AgentView }) {
  const t = useT();
  const app = useSlices('credentials', 'providers', 'agents');
  const { isChanged, reset } = useReset(agent, 'accounts');
  const { providerId } = agent.effective;
  const within = app.credentials.filter(
    (one) => one.providerId === providerId && (one.scope.kind !== 'agent' || one.scope.agentId === agent.agentId),
  );
  return (
    <Section title={t('settings.credentials')} reset={isChanged ? reset : undefined}>
      {agent.effective.mode === 'managed' && <p className="hint">{t('mode.managed.noCredential')}</p>}
      {within.length === 0 ? (
        <p className="hint">{t('agentSettings.noCredential')}</p>
      ) : (
        <List className="stack">
          {within.map(({ credentialId, variable, masked, account, scope }) => (
            <li key={credentialId}>
              <code>{variable}</code> <span className="secret">{masked}</span>{' '}
              <span className="hint">
                {[account, scopeText(scope, t, (id) => agentName(app, id))].filter(Boolean).join(' · ')}
              </span>
            </li>
          ))}
        </List>
      )}
      <div className="agent-fields">
        <AgentAccount agent={agent} />
      </div>
      {agent.showsCredentialToTools && <p className="hint">{t('agents.toolsSeeCredential', { agent: agent.name })}</p>}
      <Conflicts conflicts={agent.conflicts ?? []} />
      <OwnLogin agent={agent} />
      <p>
        <RouteLink to={{ view: 'settings', page: 'credentials', ...defined({ providerId }) }}>
          {providerId === undefined
            ? t('settings.credentials')
            : t('agentSettings.toCredentials', { provider: providerName(app, providerId) })}
        </RouteLink>
      </p>
    </Section>
  );
}
