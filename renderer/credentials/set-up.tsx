import '../forms/settings.css';
import { useSlices } from '../context/services.tsx';
import { useChecks } from './checks.ts';
import { initialDraft } from './draft.ts';
import { CredentialForm } from './form.tsx';
import { KeychainNotice } from './keychain-notice.tsx';

/** The form of the settings where a credential is missed: the field first, and whose it is only where that is open. */
export default function CredentialSetUp({
  providerId,
  choices,
  focused,
}: {
  providerId: string | undefined;
  /** Several providers would do. Empty: this one is meant. */
  choices: readonly string[];
  focused: boolean;
}) {
  const app = useSlices('keychain', 'settings', 'agents', 'providers');
  const checks = useChecks();
  return (
    <>
      <KeychainNotice health={app.keychain} />
      <CredentialForm
        initial={initialDraft(app, { providerId, replacing: null })}
        replacing={null}
        focused={focused}
        checks={checks}
        among={choices}
        onStopReplacing={() => {}}
      />
    </>
  );
}
