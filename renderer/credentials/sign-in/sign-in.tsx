import type { LoginView } from '../../../shared/model/login.ts';
import type { ProviderView } from '../../../shared/model/provider.ts';
import { useServices, useSlices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { ErrorText } from '../../failure/error-text.tsx';
import { Button } from '../../ui/button.tsx';
import { RouteLink } from '../../ui/link.tsx';
import { type Draft, toPlace } from '../draft.ts';
import { SignInProgress } from './progress.tsx';
import './sign-in.css';

/** Signing in at the provider, for the same scope and account as a paste. */
export function SignIn({ draft, provider }: { draft: Draft; provider: ProviderView }) {
  const t = useT();
  const { logins } = useSlices('logins');
  const { transport } = useServices();
  const start = useAction(() => transport.call('logins.start', toPlace(draft)));
  if (provider.login === undefined) return null;
  const login = logins.find(({ providerId }) => providerId === provider.providerId);
  const { hasClientId, flow } = provider.login;
  return (
    <section className="sign-in" aria-label={t('signIn.with', { provider: provider.name })}>
      <div className="row">
        <Button
          disabled={!hasClientId || start.pending || (login !== undefined && isRunning(login)) || lacksFolder(draft)}
          onClick={() => void start.run()}
        >
          {t('signIn.with', { provider: provider.name })}
        </Button>
        {hasClientId ? (
          <span className="hint">{t(`signIn.${flow}.hint`)}</span>
        ) : (
          <span className="hint">
            {t('signIn.needsClient', { provider: provider.name })}{' '}
            <RouteLink to={{ view: 'settings', page: 'providers' }}>{t('signIn.toProviders')}</RouteLink>
          </span>
        )}
      </div>
      <ErrorText error={start.error} />
      {login && <SignInProgress key={login.loginId} login={login} provider={provider} />}
    </section>
  );
}

function isRunning({ phase: { state } }: LoginView): boolean {
  return state === 'waiting-for-browser' || state === 'user-code' || state === 'exchanging';
}

function lacksFolder({ scopeKind, projectDir }: Draft): boolean {
  return scopeKind === 'project' && projectDir.trim() === '';
}
