import type { KeychainHealth } from '../../shared/model/keychain.ts';
import { useT } from '../context/services.tsx';
import { isKeychainTrouble } from '../credentials/keychain-notice.tsx';
import { Icon } from '../ui/icon.tsx';
import { RouteLink } from '../ui/link.tsx';

/** A line that shows while the keychain is in trouble; the credentials page says what to do. */
export function KeychainLine({ health }: { health: KeychainHealth }) {
  const t = useT();
  if (!isKeychainTrouble(health)) return null;
  return (
    <section className="protection" aria-label={t('keychain')}>
      <Icon name="key" />
      <p>{t(`keychain.${health.state}`)}</p>
      <RouteLink to={{ view: 'settings', page: 'credentials' }}>{t('keychain.details')}</RouteLink>
    </section>
  );
}
