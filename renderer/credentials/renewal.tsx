import type { CredentialView } from '../../shared/model/credential.ts';
import { useServices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText, useErrorSentence } from '../failure/error-text.tsx';
import { Button } from '../ui/button.tsx';

/** Says that renewing failed, and offers another try while the server has not refused for good. */
export function RenewalFailure({ credential }: { credential: CredentialView }) {
  const t = useT();
  const sentence = useErrorSentence();
  const { transport } = useServices();
  const { credentialId, variable, renewal } = credential;
  const renew = useAction(() => transport.call('credentials.renew', { credentialId }));
  if (renewal?.state !== 'failed' || renewal.error === undefined) return null;
  return (
    <div className="verdict">
      <p>
        <span className="tag tag-warn">{t('credential.renewal-failed')}</span> {sentence(renewal.error)}
      </p>
      {renewal.nextTryAt !== undefined && (
        <Button
          look="quiet"
          onClick={() => renew.run()}
          disabled={renew.pending}
          aria-label={t('credential.renew.named', { variable })}
        >
          {t('credential.renew')}
        </Button>
      )}
      {renew.error?.code !== renewal.error.code && <ErrorText error={renew.error} />}
    </div>
  );
}
