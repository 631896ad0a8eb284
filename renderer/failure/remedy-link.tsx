import { billingPageIn } from '../../shared/errors/billing-page.ts';
import { choicesIn } from '../../shared/errors/choices.ts';
import type { WireError } from '../../shared/errors/perch-error.ts';
import { REMEDIES, type Remedy } from '../../shared/errors/remedies.ts';
import { useRoute, useT } from '../context/services.tsx';
import { OutsideLink, RouteLink } from '../ui/link.tsx';
import { ProviderChoice } from './provider-choice.tsx';
import { type About, remedyRoute } from './remedy-route.ts';

/** Names of what is done there; absent: it is only opened. */
const LABELS: Partial<Readonly<Record<Remedy, string>>> = {
  credential: 'fixCredential',
  billing: 'fixCredential',
  hosts: 'remedy.hosts',
  model: 'remedy.model',
  'sign-in': 'remedy.sign-in',
};

/** The way to where an error is put right; nothing when that is where the user is, or when there is no such place. */
export function RemedyLink({ error, look, ...about }: About & { error: WireError; look: 'text' | 'primary' }) {
  const t = useT();
  const here = useRoute();
  const to = remedyRoute(error, about);
  if (choicesIn(error).length > 0 && error.code === 'PROVIDER_UNDERIVABLE') return <ProviderChoice error={error} />;
  if (to === undefined) return null;
  if (here.view === 'settings' && to.view === 'settings' && here.page === to.page) return null;
  const remedy = REMEDIES[error.code];
  const isCredential = remedy === 'credential' || remedy === 'billing';
  const billingPage = billingPageIn(error);
  if (billingPage !== undefined) {
    return (
      <>
        <OutsideLink href={billingPage} look={look}>
          {t('remedy.billing', { provider: String(error.values.provider ?? '') })}
        </OutsideLink>
        <RouteLink to={to} look={look === 'primary' ? 'plain' : look} icon="key">
          {t('remedy.otherCredential')}
        </RouteLink>
      </>
    );
  }
  return (
    <RouteLink to={to} look={look} {...(isCredential && look === 'primary' ? { icon: 'key' } : {})}>
      {t(to.view === 'log' ? 'openLog' : (LABELS[remedy] ?? 'remedy.settings'))}
    </RouteLink>
  );
}
