import type { AgentView } from '../../../shared/model/agent.ts';
import { useSlices, useT } from '../../context/services.tsx';
import { RouteLink } from '../../ui/link.tsx';
import { List } from '../../ui/list.tsx';
import { Section } from './section.tsx';

/** The agent's own servers; those of a project come on top. */
export function McpSection({ agent }: { agent: AgentView }) {
  const t = useT();
  const { mcpServers } = useSlices('mcpServers');
  const own = mcpServers.filter(({ scope }) => scope.kind === 'agent' && scope.agentId === agent.agentId);
  return (
    <Section title={t('settings.mcp')}>
      {own.length > 0 && (
        <List className="left-out">
          {own.map(({ serverId, name, enabled }) => (
            <li key={serverId}>
              <strong>{name}</strong> <span className="hint">{t(enabled ? 'mcp.enabled' : 'mcp.disabled')}</span>
            </li>
          ))}
        </List>
      )}
      <p>
        <RouteLink to={{ view: 'settings', page: 'mcp' }}>{t('mcp.toServers')}</RouteLink>
      </p>
    </Section>
  );
}
