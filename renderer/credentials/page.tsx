import { useState } from 'react';
import type { CredentialView } from '../../shared/model/credential.ts';
import { useSlices, useT } from '../context/services.tsx';
import { RouteLink } from '../ui/link.tsx';
import { useChecks } from './checks.ts';
import { initialDraft } from './draft.ts';
import { CredentialForm } from './form.tsx';
import { CredentialHistory } from './history.tsx';
import { CredentialImport } from './import/import.tsx';
import { KeychainNotice } from './keychain-notice.tsx';
import { CredentialList } from './list.tsx';
import { OrphansCard } from './orphans.tsx';
import { SignedIn } from './signed-in.tsx';
import { StaleSessions } from './stale-sessions.tsx';

/** `providerId`: whose token is to be pasted, when something else of the window sent the user here. */
export function CredentialsPage({ providerId }: { providerId: string | undefined }) {
  const app = useSlices('keychain', 'settings', 'agents', 'providers');
  const t = useT();
  const checks = useChecks();
  const [replacing, setReplacing] = useState<CredentialView | null>(null);
  // Another provider or another credential to replace is another form: nothing typed for one may slip into the other.
  const formKey = `${providerId ?? ''} ${replacing?.credentialId ?? ''}`;
  return (
    <>
      <p className="hint">
        {t('credentials.hint')} <RouteLink to={{ view: 'settings', page: 'agents' }}>{t('signIn.toAgents')}</RouteLink>
      </p>
      <KeychainNotice health={app.keychain} />
      <StaleSessions />
      <CredentialForm
        key={formKey}
        initial={initialDraft(app, { providerId, replacing })}
        replacing={replacing}
        focused={replacing !== null || providerId !== undefined}
        checks={checks}
        onStopReplacing={() => setReplacing(null)}
      />
      <CredentialImport />
      <CredentialList checks={checks} onReplace={setReplacing} />
      <SignedIn />
      <OrphansCard />
      <CredentialHistory />
    </>
  );
}
