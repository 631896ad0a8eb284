import '../settings/settings.css';
import { useApp } from '../app/services.tsx';
import { KeychainNotice } from '../popover/keychain-notice.tsx';
import { useChecks } from '../settings/credentials/checks.ts';
import { initialDraft } from '../settings/credentials/draft.ts';
import { CredentialForm } from '../settings/credentials/form.tsx';

/** The form of the settings, for one provider. A part of its own: only a turn that waits needs it. */
export default function CredentialSetUp({ providerId }: { providerId: string | undefined }) {
  const app = useApp();
  const checks = useChecks();
  return (
    <>
      <KeychainNotice health={app.keychain} />
      <CredentialForm
        initial={initialDraft(app, { providerId, replacing: null })}
        replacing={null}
        focused={false}
        checks={checks}
        onStopReplacing={() => {}}
      />
    </>
  );
}
