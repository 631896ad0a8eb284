import type { AgentView } from '../../shared/model/agent.ts';
import { useApp, useT } from '../context/services.tsx';
import { type Protection, protectionOf } from '../stores/select.ts';
import { Icon } from '../ui/icon.tsx';
import { RouteLink } from '../ui/link.tsx';

/** The isolation of the next session; shown the whole time, so that a sandbox that is off is never forgotten. */
export function ProtectionLine({ agent }: { agent: AgentView }) {
  const t = useT();
  const protection = useApp((app) => protectionOf(agent, app));
  const open = protection.kind === 'off' || protection.kind === 'unavailable';
  return (
    <section className={`protection ${open ? 'protection-open' : ''}`} aria-label={t('protection')}>
      <Icon name={open ? 'warning' : 'shield'} />
      <p>{sentenceOf(protection, agent.name, t)}</p>
      <RouteLink to={{ view: 'settings', page: 'agents', agentId: agent.agentId }}>{t('protection.details')}</RouteLink>
    </section>
  );
}

function sentenceOf(protection: Protection, agent: string, t: ReturnType<typeof useT>): string {
  switch (protection.kind) {
    case 'off':
      return t('protection.off', { agent });
    case 'unavailable':
      return t('protection.unavailable', { reason: protection.reason });
    case 'checking':
      return t('protection.checking');
    case 'on':
      return t(`protection.on.${protection.network}`, { backend: protection.backend });
  }
}
