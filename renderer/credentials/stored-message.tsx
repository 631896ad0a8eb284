import { useState } from 'react';
import type { Result } from '../../shared/contract/methods.ts';
import { useSlices, useT } from '../context/services.tsx';
import { agentName } from '../stores/select.ts';
import { Button } from '../ui/button.tsx';
import type { ClearOutcome } from '../ui/clipboard.ts';
import { copyText } from '../ui/clipboard.ts';
import { Icon } from '../ui/icon.tsx';
import { scopeText } from './scope-text.ts';

/** The result of storing. `clipboard` is null while it is being examined, and when the user wants it left alone. */
export type Stored = Result<'credentials.set'> & { readonly clipboard: ClearOutcome | null };

export function StoredMessage({ stored }: { stored: Stored | null }) {
  return (
    <div role="status" className="said">
      {stored && <Sentences stored={stored} />}
    </div>
  );
}

function sentenceKey({ credential, replaced }: Stored): string {
  if (credential.storage === 'session-only') return 'credentials.savedForSession';
  return replaced ? 'credentials.replaced' : 'credentials.saved';
}

function Sentences({ stored }: { stored: Stored }) {
  const t = useT();
  const app = useSlices('keychain', 'agents');
  const { credential, trimmed, clipboard } = stored;
  const store = app.keychain.state === 'available' ? app.keychain.store : t('storage.keychain');
  const values = {
    variable: credential.variable,
    store,
    scope: scopeText(credential.scope, t, (agentId) => agentName(app, agentId)),
  };
  return (
    <div className="stored-message">
      <p>
        <Icon name="check" />
        {t(sentenceKey(stored), values)}
      </p>
      {trimmed && <p>{t('credentials.trimmed')}</p>}
      {clipboard !== null && <ClipboardSentence outcome={clipboard} />}
    </div>
  );
}

export function ClipboardSentence({ outcome }: { outcome: ClearOutcome }) {
  const t = useT();
  const [cleared, setCleared] = useState(false);
  if (cleared) return <p>{t('clipboard.cleared')}</p>;
  return (
    <p>
      {t(`clipboard.${outcome}`)}{' '}
      {outcome === 'not-cleared' && (
        // A blank, because some systems ignore an empty text.
        <Button look="quiet" onClick={async () => setCleared(await copyText(' '))}>
          {t('clipboard.clear')}
        </Button>
      )}
    </p>
  );
}
