import { secondsUntil } from '../i18n/format.ts';
import { StatusDot } from '../ui/status-dot.tsx';
import { useNow } from '../ui/use-now.ts';
import { useLink, useT } from './services.tsx';

/** Before the first snapshot there is nothing else to show. */
export function LinkPage() {
  const t = useT();
  const link = useLink();
  return (
    <main className="link-page">
      <h1>Perch</h1>
      <p role="status">
        <StatusDot tone={link.kind === 'lost' ? 'bad' : 'busy'} />
        {t(link.kind === 'lost' ? 'link.lost' : 'link.connecting')}
      </p>
      {link.kind === 'lost' && <Countdown nextTryAt={link.nextTryAt} />}
      {link.kind === 'lost' && <p className="hint">{t('link.advice')}</p>}
    </main>
  );
}

/** The window shows what it last knew, and says that it hears nothing new. */
export function LinkBanner() {
  const t = useT();
  const link = useLink();
  if (link.kind !== 'lost') return null;
  return (
    <div className="link-banner">
      <StatusDot tone="bad" />
      <p role="status">{t('link.lost')}</p>
      <Countdown nextTryAt={link.nextTryAt} />
    </div>
  );
}

function Countdown({ nextTryAt }: { nextTryAt: number }) {
  const t = useT();
  const seconds = secondsUntil(nextTryAt, useNow(500));
  return <p className="link-countdown">{t('link.nextTry', { seconds })}</p>;
}
