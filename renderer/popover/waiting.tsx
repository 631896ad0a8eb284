import { visibleText } from '../../shared/permissions/visible.ts';
import { useSlices, useT } from '../context/services.tsx';
import { agentName } from '../stores/select.ts';
import { AgentSentence } from '../ui/agent-text.tsx';
import { Icon } from '../ui/icon.tsx';
import { RouteLink } from '../ui/link.tsx';
import { List } from '../ui/list.tsx';

/** Open questions of agents: the way to each. */
export function Waiting() {
  const t = useT();
  const app = useSlices('permissions', 'agents');
  if (app.permissions.length === 0) return null;
  return (
    <section className="waiting" aria-label={t('waiting')}>
      <List className="stack">
        {app.permissions.map(({ turnId, requestId, agentId, title, excerpt }) => (
          <li key={requestId}>
            <RouteLink to={{ view: 'session', turnId }}>
              <Icon name="question" />
              <span>
                <AgentSentence
                  of="waiting.asks"
                  values={{ agent: agentName(app, agentId), title: visibleText(title) }}
                />
                {excerpt && excerpt.text !== '' && <code className="waiting-excerpt">{excerpt.text}</code>}
                {excerpt && excerpt.moreChars > 0 && (
                  <span className="hint">{t('waiting.more', { count: excerpt.moreChars })}</span>
                )}
              </span>
            </RouteLink>
          </li>
        ))}
      </List>
    </section>
  );
}
