import type { AgentView } from '../../shared/model/agent.ts';
import type { OwnLoginView } from '../../shared/model/own-login.ts';
import { useSlices, useT } from '../context/services.tsx';
import { SignOut } from '../sign-in/sign-out.tsx';
import { providerName } from '../stores/select.ts';
import { List } from '../ui/list.tsx';

/** The agents with a login of their own: their logins are on disk, not in the keychain. */
export function SignedIn() {
  const t = useT();
  const { agents } = useSlices('agents');
  const signedIn = agents.flatMap((agent) => (agent.ownLogin?.files.length ? { agent, login: agent.ownLogin } : []));
  if (signedIn.length === 0) return null;
  return (
    <section className="card" aria-labelledby="signed-in-heading">
      <h3 id="signed-in-heading">{t('signedIn.heading')}</h3>
      <p className="hint">{t('signedIn.hint')}</p>
      <List className="credential-list" aria-labelledby="signed-in-heading">
        {signedIn.map(({ agent, login }) => (
          <SignedInRow key={agent.agentId} agent={agent} login={login} />
        ))}
      </List>
    </section>
  );
}

function SignedInRow({ agent, login }: { agent: AgentView; login: OwnLoginView }) {
  const t = useT();
  const app = useSlices('providers');
  const shown = login.providers.filter(({ login: { state } }) => state !== 'signed-out');
  return (
    <li className="credential">
      <div className="credential-text">
        <p>{agent.name}</p>
        <p className="credential-meta">
          <span>{t('environment.source.login')}</span>
          {shown.map(({ providerId, login: one }) => (
            <span key={providerId}>
              {providerName(app, providerId)}:{' '}
              {t(`login.state.${one.state}`, one.state === 'could-not-check' ? { reason: one.reason } : {})}
            </span>
          ))}
        </p>
      </div>
      <SignOut agent={agent} files={login.files} />
    </li>
  );
}
