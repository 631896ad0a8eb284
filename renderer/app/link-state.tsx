import { useLink, useSlices, useT } from '../context/services.tsx';
import { secondsUntil } from '../i18n/format.ts';
import type { LinkState } from '../transport/transport.ts';
import { StatusDot } from '../ui/status-dot.tsx';
import { isEnded } from '../ui/turn-status.ts';
import { useNow } from '../ui/use-now.ts';

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
      <LostDetails link={link} />
    </div>
  );
}

/**
 * The reason of the lost connection, and the turns that it touches: those that were running, and those that were being
 * sent.
 */
function LostDetails({ link }: { link: Extract<LinkState, { kind: 'lost' }> }) {
  const t = useT();
  const { turns } = useSlices('turns');
  const running = turns.filter(({ status }) => !isEnded(status)).map(({ turnId }) => turnId);
  const touched = [...new Set([...running, ...(link.unansweredTurnIds ?? [])])];
  if (link.reason === undefined && touched.length === 0) return null;
  return (
    <details className="link-details">
      <summary>{t('link.details')}</summary>
      {link.reason !== undefined && <p>{t('link.reason', { reason: link.reason.trim() })}</p>}
      {touched.length > 0 && <p>{t('link.runs', { runs: touched.join(', ') })}</p>}
    </details>
  );
}

function Countdown({ nextTryAt }: { nextTryAt: number }) {
  const t = useT();
  const seconds = secondsUntil(nextTryAt, useNow(500));
  return <p className="link-countdown">{t('link.nextTry', { seconds })}</p>;
}
