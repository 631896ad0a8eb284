import type { KeychainHealth } from '../../shared/model/keychain.ts';
import { useServices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';

export function isKeychainTrouble(health: KeychainHealth): boolean {
  return health.state !== 'available' && health.state !== 'unknown';
}

/** Says what is wrong with the keychain and what to do; shows nothing while it works. */
export function KeychainNotice({ health }: { health: KeychainHealth }) {
  const t = useT();
  const { transport } = useServices();
  const check = useAction(() => transport.call('keychain.check', {}));
  if (!isKeychainTrouble(health)) return null;
  const values = health.state === 'changed' ? { previous: health.previous, current: health.current } : {};
  return (
    <div>
      <Banner
        tone="warn"
        icon="key"
        title={t(`keychain.${health.state}`)}
        actions={
          <Button onClick={() => check.run()} disabled={check.pending}>
            {t('checkAgain')}
          </Button>
        }
      >
        {t(`keychain.${health.state}.advice`, values)}
      </Banner>
      <ErrorText error={check.error} />
    </div>
  );
}
