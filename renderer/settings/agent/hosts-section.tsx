import type { AgentView } from '../../../shared/model/agent.ts';
import { useServices, useSlices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { RouteLink } from '../../ui/link.tsx';
import { List } from '../../ui/list.tsx';
import { AllowedRow } from '../network-page.tsx';
import { Section } from './section.tsx';

/** The hosts that the user allowed this agent, beyond its provider's. */
export function HostsSection({ agent }: { agent: AgentView }) {
  const t = useT();
  const { egress } = useSlices('egress');
  const { transport } = useServices();
  const own = egress.allowed.filter(({ scope }) => scope.kind === 'agent' && scope.agentId === agent.agentId);
  const reset = useAction(async () => {
    for (const { scope, host, port } of own) await transport.call('egress.remove', { scope, host, port });
  });
  return (
    <Section title={t('agentSettings.hosts')} reset={own.length > 0 ? reset : undefined}>
      {own.length === 0 ? (
        <p className="hint">{t('agentSettings.noHosts')}</p>
      ) : (
        <List className="stack allowed-hosts">
          {own.map((allowed) => (
            <AllowedRow key={`${allowed.host} ${allowed.port}`} allowed={allowed} />
          ))}
        </List>
      )}
      <p>
        <RouteLink to={{ view: 'settings', page: 'network' }}>{t('network.allow')}</RouteLink>
      </p>
    </Section>
  );
}
