import type { Result } from '../../../shared/contract/methods.ts';
import { useSlices, useT } from '../../context/services.tsx';
import { scopeText } from '../../credentials/scope-text.ts';
import { ClipboardSentence } from '../../credentials/stored-message.tsx';
import { agentName, providerName } from '../../stores/select.ts';
import type { ClearOutcome } from '../../ui/clipboard.ts';
import { Icon } from '../../ui/icon.tsx';

/** The result of saving. `clipboard` is null while it is being examined, and when the user wants it left alone. */
export interface Saved {
  readonly result: Result<'variables.set'>;
  readonly clipboard: ClearOutcome | null;
}

export function SavedMessage({ saved }: { saved: Saved | null }) {
  return (
    <div role="status" className="said">
      {saved && (
        <div className="stored-message">
          <p>
            <Icon name="check" />
            <Sentence result={saved.result} />
          </p>
          {saved.clipboard !== null && <ClipboardSentence outcome={saved.clipboard} />}
        </div>
      )}
    </div>
  );
}

function Sentence({ result }: Pick<Saved, 'result'>) {
  const t = useT();
  const app = useSlices('providers', 'agents');
  const nameOf = (agentId: string) => agentName(app, agentId);
  if (result.storedAs === 'credential') {
    const { variable, scope, providerId } = result.credential;
    const provider = providerName(app, providerId);
    return <>{t('variables.savedAsCredential', { variable, provider, scope: scopeText(scope, t, nameOf) })}</>;
  }
  const { name: variable, scope, storage } = result.variable;
  const values = { variable, scope: scopeText(scope, t, nameOf) };
  if (storage === 'session-only') return <>{t('credentials.savedForSession', values)}</>;
  return <>{t(result.replaced ? 'variables.replaced' : 'variables.saved', values)}</>;
}
