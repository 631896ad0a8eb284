import type { ForgetList } from '../../../shared/model/forget.ts';
import { useSlices, useT } from '../../context/services.tsx';
import { scopeText } from '../../credentials/scope-text.ts';
import { agentName, providerName } from '../../stores/select.ts';
import { List } from '../../ui/list.tsx';

/** The list of what will be deleted, one line per thing. */
export function GoingList({ list }: { list: ForgetList }) {
  const t = useT();
  const app = useSlices('providers', 'agents');
  const { credentials, leftovers, conversations, allowedHosts, mcpServers, variables, settings, folders } = list;
  const lines = [
    ...credentials.map(({ credentialId, providerId, variable, masked, scope }) => ({
      key: credentialId,
      text: `${providerName(app, providerId)}: ${variable} ${masked} (${scopeText(scope, t, (id) => agentName(app, id))})`,
    })),
    ...(leftovers > 0 ? [{ key: 'leftovers', text: t('forget.leftovers', { count: leftovers }) }] : []),
    ...(variables > 0 ? [{ key: 'variables', text: t('forget.variables', { count: variables }) }] : []),
    ...(conversations > 0 ? [{ key: 'conversations', text: t('forget.conversations', { count: conversations }) }] : []),
    ...(allowedHosts > 0 ? [{ key: 'hosts', text: t('forget.hosts', { count: allowedHosts }) }] : []),
    ...(mcpServers > 0 ? [{ key: 'mcp-servers', text: t('forget.mcp-servers', { count: mcpServers }) }] : []),
    ...(settings ? [{ key: 'settings', text: t('forget.settings') }] : []),
    ...folders.map(({ path, bytes }) => ({
      key: path,
      text: t('forget.folder', { path, size: (bytes / 1e6).toFixed(1) }),
    })),
  ];
  if (lines.length === 0) return <p className="hint">{t('forget.nothing')}</p>;
  return (
    <List className="going-list">
      {lines.map(({ key, text }) => (
        <li key={key}>{text}</li>
      ))}
    </List>
  );
}
