import { useState } from 'react';
import { referenceTo } from '../../../shared/mcp/references.ts';
import type { McpServer } from '../../../shared/model/mcp-server.ts';
import { useSlices, useT } from '../../context/services.tsx';
import { RouteLink } from '../../ui/link.tsx';
import { List } from '../../ui/list.tsx';
import { McpForm } from './form.tsx';
import { OfferedServers } from './offered.tsx';
import { McpRow } from './row.tsx';

/** Servers of the Model Context Protocol: those there are, and one more. */
export function McpPage() {
  const t = useT();
  const { mcpServers } = useSlices('mcpServers');
  const [changing, setChanging] = useState<McpServer | null>(null);
  return (
    <>
      <p className="hint">
        {t('mcp.hint', { reference: referenceTo('NAME') })}{' '}
        <RouteLink to={{ view: 'settings', page: 'environment' }}>{t('mcp.toVariables')}</RouteLink>
      </p>
      {mcpServers.length === 0 ? (
        <p className="hint">{t('mcp.none')}</p>
      ) : (
        <List className="stack" aria-label={t('settings.mcp')}>
          {mcpServers.map((server) => (
            <McpRow key={server.serverId} server={server} onChange={setChanging} />
          ))}
        </List>
      )}
      <OfferedServers />
      <McpForm key={changing?.serverId ?? 'new'} changing={changing} onDone={() => setChanging(null)} />
    </>
  );
}
