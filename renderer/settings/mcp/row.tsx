import { useState } from 'react';
import type { McpServer } from '../../../shared/model/mcp-server.ts';
import { useServices, useSlices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { scopeText } from '../../credentials/scope-text.ts';
import { ErrorText } from '../../failure/error-text.tsx';
import { Question } from '../../forms/question.tsx';
import { agentName } from '../../stores/select.ts';
import { Button } from '../../ui/button.tsx';
import { targetOf } from './target.ts';

export function McpRow({ server, onChange }: { server: McpServer; onChange: (server: McpServer) => void }) {
  const t = useT();
  const app = useSlices('agents');
  const { transport } = useServices();
  const [asking, setAsking] = useState(false);
  const { serverId, name, enabled, scope } = server;
  const enable = useAction((on: boolean) => transport.call('mcp.enable', { serverId, enabled: on }));
  const remove = useAction(() => transport.call('mcp.remove', { serverId }));
  return (
    <li className="credential">
      <div className="credential-text">
        <p className="variable-line">
          <strong>{name}</strong> <code className="variable-shown">{targetOf(server.transport)}</code>
        </p>
        <p className="credential-meta">
          <span>{scopeText(scope, t, (agentId) => agentName(app, agentId))}</span>
          <span>{t(`mcp.type.${server.transport.type}`)}</span>
        </p>
        <label className="check">
          <input
            type="checkbox"
            role="switch"
            aria-checked={enabled}
            checked={enabled}
            disabled={enable.pending}
            aria-label={t('mcp.enabled.named', { name })}
            onChange={(event) => enable.run(event.target.checked)}
          />
          {t('mcp.enabled')}
        </label>
        <ErrorText error={enable.error} />
      </div>
      {!asking && (
        <div className="row credential-actions">
          <Button look="quiet" onClick={() => onChange(server)} aria-label={t('mcp.change.named', { name })}>
            {t('mcp.change')}
          </Button>
          <Button look="quiet" onClick={() => setAsking(true)} aria-label={t('mcp.remove.named', { name })}>
            {t('mcp.remove')}
          </Button>
        </div>
      )}
      {asking && (
        <Question
          label={t('mcp.remove.named', { name })}
          keep={t('keep')}
          go={t('mcp.remove')}
          action={remove}
          onKeep={() => setAsking(false)}
        >
          {t('mcp.remove.ask', { name })}
        </Question>
      )}
    </li>
  );
}
