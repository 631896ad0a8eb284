import type { Recovery } from '../../shared/model/recovery.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { List } from '../ui/list.tsx';

/** A damaged database that was set aside: where it is, what came over, and what did not. Until it is dismissed. */
export function RecoveryNotice() {
  const t = useT();
  const { recovery, host } = useSlices('recovery', 'host');
  const { transport } = useServices();
  const dismiss = useAction(() => transport.call('recovery.dismiss', {}));
  const reveal = useAction(() => transport.call('recovery.reveal', {}));
  if (recovery === null) return null;
  return (
    <div role="alert">
      <Banner
        tone="warn"
        title={t('recovery.title')}
        actions={
          <>
            {host.canRevealFiles && (
              <Button disabled={reveal.pending} onClick={() => reveal.run()}>
                {t('log.reveal')}
              </Button>
            )}
            <Button look="quiet" disabled={dismiss.pending} onClick={() => dismiss.run()}>
              {t('egress.dismiss')}
            </Button>
          </>
        }
      >
        <p>
          {t('recovery.text')} <code className="path">{recovery.movedTo}</code>
        </p>
        <Areas areas={recovery.areas} />
        <ErrorText error={dismiss.error ?? reveal.error} />
      </Banner>
    </div>
  );
}

function Areas({ areas }: Pick<Recovery, 'areas'>) {
  const t = useT();
  const lacks = areas.some(({ area, state }) => area === 'credentials' && state !== 'whole');
  return (
    <>
      <List>
        {areas
          .filter(({ state, kept }) => state !== 'whole' || kept > 0)
          .map((one) => (
            <li key={one.area}>
              {t('labelled', { label: t(`recovery.${one.area}`) })} {t(keyOf(one), { count: one.kept })}
            </li>
          ))}
      </List>
      {lacks && <p>{t('recovery.credentials-advice')}</p>}
    </>
  );
}

/** A number of settings would say nothing to a person. */
function keyOf({ area, state, kept }: Recovery['areas'][number]): string {
  if (area === 'settings' || kept === 0) return `recovery.${state}`;
  return state === 'whole' ? 'recovery.kept' : 'recovery.kept-partly';
}
