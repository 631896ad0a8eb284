import type { ProviderView } from '../../shared/model/provider.ts';
import { useT } from '../context/services.tsx';
import { Banner } from '../ui/banner.tsx';
import { RouteLink } from '../ui/link.tsx';
import type { Draft } from './draft.ts';
import { policyOfPaste } from './policy.ts';

/** The provider's terms for the pasted token, and the way that is safe. The notice warns; the user decides. */
export function PolicyNotice({ draft, provider }: { draft: Draft; provider: ProviderView }) {
  const t = useT();
  const policy = policyOfPaste(draft, provider);
  if (policy === undefined) return null;
  return (
    <Banner tone="warn">
      {t(`policy.${policy}`)} <RouteLink to={{ view: 'settings', page: 'agents' }}>{t('signIn.toAgents')}</RouteLink>
    </Banner>
  );
}
