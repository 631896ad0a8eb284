import type { TurnSummary } from '../../shared/model/run-event.ts';
import { useRoute, useSlices, useT } from '../context/services.tsx';
import { agentName } from '../stores/select.ts';
import { RouteLink } from '../ui/link.tsx';
import { List } from '../ui/list.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { TURN_TONES } from '../ui/turn-status.ts';

export function RecentRuns({ turns }: { turns: readonly TurnSummary[] }) {
  const t = useT();
  return (
    <section className="recent" aria-labelledby="recent-heading">
      <h2 id="recent-heading">{t('recent')}</h2>
      {turns.length === 0 ? (
        <p className="empty">{t('recent.empty')}</p>
      ) : (
        <List className="run-list">
          {turns.map((turn) => (
            <RunRow key={turn.turnId} turn={turn} />
          ))}
        </List>
      )}
    </section>
  );
}

function RunRow({ turn }: { turn: TurnSummary }) {
  const t = useT();
  const app = useSlices('agents');
  const route = useRoute();
  const here = route.view === 'session' && route.turnId === turn.turnId;
  return (
    <li>
      <RouteLink
        to={{ view: 'session', turnId: turn.turnId }}
        className="run"
        look="text"
        aria-current={here ? 'page' : undefined}
      >
        <StatusDot tone={TURN_TONES[turn.status]} />
        <span className="run-prompt">{turn.promptPreview}</span>
        <span className="run-meta">
          <span>{agentName(app, turn.agentId)}</span>
          <span>{t(`turn.${turn.status}`)}</span>
          <RelativeTime at={turn.acceptedAt} />
        </span>
      </RouteLink>
    </li>
  );
}
