import { defined } from '../../shared/defined.ts';
import type { Leak } from '../../shared/model/leak.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { agentName } from '../stores/select.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { RouteLink } from '../ui/link.tsx';

/** Secrets that turned up in an agent's output, with the way to make a new one. */
export function LeakAlerts() {
  const t = useT();
  const { leaks } = useSlices('leaks');
  const { transport } = useServices();
  const dismiss = useAction(() => transport.call('leaks.dismiss', {}));
  const [newest] = leaks;
  if (newest === undefined) return null;
  const more = leaks.length - 1;
  return (
    <div role="alert">
      <Banner
        tone="error"
        title={t('leak.title')}
        actions={
          <>
            <RotateLink leak={newest} />
            {newest.turnId && <RouteLink to={{ view: 'session', turnId: newest.turnId }}>{t('leak.show')}</RouteLink>}
            <Button look="quiet" disabled={dismiss.pending} onClick={() => dismiss.run()}>
              {t('egress.dismiss')}
            </Button>
          </>
        }
      >
        <LeakText leak={newest} />
        {more > 0 && <p>{t('leak.more', { count: more })}</p>}
        <ErrorText error={dismiss.error} />
      </Banner>
    </div>
  );
}

function LeakText({ leak }: { leak: Leak }) {
  const t = useT();
  const app = useSlices('agents');
  return <p>{t(`leak.${leak.where}`, { variable: leak.variable, agent: agentName(app, leak.agentId) })}</p>;
}

function RotateLink({ leak: { providerId } }: { leak: Leak }) {
  const t = useT();
  return (
    <RouteLink look="primary" to={{ view: 'settings', page: 'credentials', ...defined({ providerId }) }}>
      {t('leak.rotate')}
    </RouteLink>
  );
}
