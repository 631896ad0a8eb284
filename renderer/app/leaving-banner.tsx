import { runningTurns } from '../../shared/model/turn-running.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { Button } from '../ui/button.tsx';
import { StatusDot } from '../ui/status-dot.tsx';

/** Says that Perch ends when its turns have, and takes that back, as the tray does. */
export function LeavingBanner() {
  const t = useT();
  const { leaving, turns } = useSlices('leaving', 'turns');
  const { transport } = useServices();
  const stay = useAction(() => transport.call('host.stay', {}));
  if (leaving === 'staying') return null;
  return (
    <div className="link-banner leaving-banner">
      <StatusDot tone="busy" />
      <p role="status">{t('leaving.afterTurns', { count: runningTurns(turns).length })}</p>
      <Button onClick={() => stay.run()} disabled={stay.pending}>
        {t('leaving.stay')}
      </Button>
      <ErrorText error={stay.error} />
    </div>
  );
}
