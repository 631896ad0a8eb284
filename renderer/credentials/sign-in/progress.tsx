import type { LoginView } from '../../../shared/model/login.ts';
import type { ProviderView } from '../../../shared/model/provider.ts';
import { useServices, useSlices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { ErrorText } from '../../failure/error-text.tsx';
import { agentName } from '../../stores/select.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { OutsideLink } from '../../ui/link.tsx';
import { scopeText } from '../scope-text.ts';

interface ProgressProps {
  readonly login: LoginView;
  readonly provider: ProviderView;
}

/** How far a sign-in is, and what the user has to do next. */
export function SignInProgress({ login, provider }: ProgressProps) {
  const t = useT();
  const { transport } = useServices();
  const cancel = useAction(() => transport.call('logins.cancel', { loginId: login.loginId }));
  const over = ['done', 'failed', 'cancelled'].includes(login.phase.state);
  return (
    <div className="sign-in-progress">
      <div role="status">
        <Step login={login} provider={provider} />
      </div>
      <div className="row">
        {login.phase.state !== 'exchanging' && (
          <Button look="quiet" disabled={cancel.pending} onClick={() => void cancel.run()}>
            {t(over ? 'signIn.dismiss' : 'signIn.cancel')}
          </Button>
        )}
      </div>
      <ErrorText error={cancel.error} />
    </div>
  );
}

function Step({ login, provider }: ProgressProps) {
  const t = useT();
  const app = useSlices('credentials', 'agents');
  const { phase } = login;
  switch (phase.state) {
    case 'waiting-for-browser':
      return (
        <>
          <p>{t('signIn.browser', { provider: provider.name })}</p>
          <Page url={phase.url} />
        </>
      );
    case 'user-code':
      return (
        <>
          <p>{t('signIn.code', { provider: provider.name })}</p>
          <p className="row">
            <code className="user-code">{phase.code}</code>
            <CopyButton text={phase.code} name={t('signIn.copyCode')} />
          </p>
          <Page url={phase.url} />
          <p className="hint">{t('signIn.code.warning')}</p>
        </>
      );
    case 'exchanging':
      return <p>{t('signIn.exchanging')}</p>;
    case 'done': {
      const stored = app.credentials.find(({ credentialId }) => credentialId === phase.credentialId);
      const scope = scopeText(login.scope, t, (agentId) => agentName(app, agentId));
      const values = { variable: login.variable, masked: stored?.masked ?? '', scope };
      return <p className="good">{t(stored === undefined ? 'signIn.gone' : 'signIn.done', values)}</p>;
    }
    case 'failed':
      return <ErrorText error={phase.error} />;
    case 'cancelled':
      return <p>{t('signIn.cancelled')}</p>;
  }
}

function Page({ url }: { url: string }) {
  const t = useT();
  return (
    <p className="row">
      <OutsideLink href={url}>{t('signIn.open', { host: URL.parse(url)?.host ?? url })}</OutsideLink>
      <CopyButton text={url} name={t('signIn.copyUrl')} />
    </p>
  );
}
