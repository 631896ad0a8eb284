import { useState } from 'react';
import type { AgentView } from '../../../shared/model/agent.ts';
import type { LoginWayId, OwnLoginState, OwnLoginView } from '../../../shared/model/own-login.ts';
import type { ProviderView } from '../../../shared/model/provider.ts';
import { useServices, useSlices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { policyOfVariable } from '../../credentials/policy.ts';
import { SignOut } from '../../sign-in/sign-out.tsx';
import { providerName } from '../../stores/select.ts';
import { Button } from '../../ui/button.tsx';
import { List } from '../../ui/list.tsx';
import { LoginPanel } from './panel.tsx';
import './login.css';

/** An agent's own way in: whether it is signed in, and how it signs in and out. */
export function OwnLogin({ agent }: { agent: AgentView }) {
  const t = useT();
  const { host, providers } = useSlices('host', 'providers');
  const [open, setOpen] = useState<LoginWayId | null>(null);
  const { ownLogin, installation } = agent;
  if (ownLogin === undefined || installation.state !== 'found') return null;
  const hasTerminals = host.terminals.state === 'available';
  return (
    <section className="own-login" aria-label={t('login.of', { agent: agent.name })}>
      <h4>{t('login.heading')}</h4>
      <States agent={agent} ownLogin={ownLogin} />
      {host.terminals.state === 'unavailable' && (
        <p className="hint">{t('login.noTerminals', { reason: host.terminals.reason })}</p>
      )}
      {open === null ? (
        <div className="row">
          {ownLogin.ways.map(({ wayId }) => (
            <Button
              key={wayId}
              disabled={!hasTerminals}
              onClick={() => setOpen(wayId)}
              aria-label={t(`login.way.${wayId}.named`, { agent: agent.name })}
            >
              {t(`login.way.${wayId}`)}
            </Button>
          ))}
          <CheckAgain agent={agent} ownLogin={ownLogin} />
          {ownLogin.files.length > 0 && <SignOut agent={agent} files={ownLogin.files} />}
        </div>
      ) : (
        <LoginPanel agent={agent} wayId={open} onClose={() => setOpen(null)} />
      )}
      {policiesOf(ownLogin, providers).map((policy) => (
        <p key={policy} className="hint">
          {t(`policy.${policy}`)}
        </p>
      ))}
      <p className="hint">{t('login.network')}</p>
    </section>
  );
}

function States({ agent, ownLogin }: { agent: AgentView; ownLogin: OwnLoginView }) {
  const t = useT();
  const app = useSlices('providers');
  const shown = ownLogin.providers.filter(
    ({ providerId, login }) => login.state !== 'signed-out' || providerId === agent.effective.providerId,
  );
  if (shown.length === 0) return <p className="hint">{t('login.state.signed-out')}</p>;
  return (
    <List className="login-states">
      {shown.map(({ providerId, login }) => (
        <li key={providerId}>
          {t('labelled', { label: providerName(app, providerId) })} {stateText(t, login)}
        </li>
      ))}
    </List>
  );
}

function stateText(t: ReturnType<typeof useT>, login: OwnLoginState): string {
  const values = login.state === 'could-not-check' ? { reason: login.reason } : {};
  return t(`login.state.${login.state}`, values);
}

function CheckAgain({ agent, ownLogin }: { agent: AgentView; ownLogin: OwnLoginView }) {
  const t = useT();
  const { transport } = useServices();
  const check = useAction(() => transport.call('terminals.checkLogin', { agentId: agent.agentId }));
  if (!ownLogin.providers.some(({ login }) => login.state === 'could-not-check')) return null;
  return (
    <Button look="quiet" disabled={check.pending} onClick={() => void check.run()}>
      {t('login.checkAgain')}
    </Button>
  );
}

/** The policies for the tokens that the login's ways print. */
function policiesOf({ ways }: OwnLoginView, providers: readonly ProviderView[]): string[] {
  const policies = ways.flatMap(
    ({ prints }) => (prints && policyOfVariable(providers, prints.providerId, prints.variable)) ?? [],
  );
  return [...new Set(policies)];
}
