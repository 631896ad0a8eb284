import { lazy, Suspense } from 'react';
import type { TranscriptItem } from '../../shared/transcript/fold.ts';
import { useT } from '../app/services.tsx';
import { ErrorText, useErrorSentence } from '../ui/error-text.tsx';
import { Icon } from '../ui/icon.tsx';

type Awaited = Extract<TranscriptItem, { kind: 'credential' }>;

const SetUp = lazy(() => import('./credential-set-up.tsx'));

/** A turn that waits for a credential: what is missing, and the way to give it, right there (R38). */
export function CredentialCard({ item, running }: { item: Awaited; running: boolean }) {
  const t = useT();
  const sentence = useErrorSentence();
  if (item.supplied) return <p className="permission-past">{t('awaited.supplied')}</p>;
  if (!running) return <ErrorText error={item.error} />;
  const providerId = item.error.values.providerId;
  return (
    <section className="permission" aria-label={t('awaited')}>
      <p className="permission-title" role="alert">
        <Icon name="key" />
        <span>
          <strong>{t('awaited.title')}</strong> {sentence(item.error)}
        </span>
      </p>
      <Suspense fallback={<p className="hint">{t('loading')}</p>}>
        <SetUp providerId={typeof providerId === 'string' ? providerId : undefined} />
      </Suspense>
      <p className="hint">{t('awaited.hint')}</p>
    </section>
  );
}
