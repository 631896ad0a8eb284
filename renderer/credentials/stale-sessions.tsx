import type { StaleSession } from '../../shared/model/stale-session.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { agentName } from '../stores/select.ts';
import { Button } from '../ui/button.tsx';
import { RouteLink } from '../ui/link.tsx';
import { List } from '../ui/list.tsx';

/** The running agents that still hold the old value of a changed credential. Shows nothing where there is none. */
export function StaleSessions() {
  const t = useT();
  const { staleSessions } = useSlices('staleSessions');
  if (staleSessions.length === 0) return null;
  return (
    <section className="card" aria-labelledby="stale-heading">
      <h3 id="stale-heading">{t('stale.heading')}</h3>
      <p className="hint">{t('stale.hint')}</p>
      <List className="credential-list">
        {staleSessions.map((session) => (
          <StaleRow key={session.sessionId} session={session} />
        ))}
      </List>
    </section>
  );
}

function StaleRow({ session }: { session: StaleSession }) {
  const app = useSlices('agents');
  const agent = agentName(app, session.agentId);
  const sentence = useSentence(session);
  return (
    <li className="credential">
      <div className="credential-text">
        <p>
          {session.turnId === undefined ? (
            agent
          ) : (
            <RouteLink to={{ view: 'session', turnId: session.turnId }}>{agent}</RouteLink>
          )}
        </p>
        <p className="credential-meta">{sentence}</p>
      </div>
      <RestartNow session={session} />
    </li>
  );
}

/** For the conversation itself: that its agent holds an old value, and the way to end that at once. */
export function StaleBanner({ sessionId }: { sessionId: string }) {
  const t = useT();
  const { staleSessions } = useSlices('staleSessions');
  const session = staleSessions.find((one) => one.sessionId === sessionId);
  return (
    <div role="status">
      {session && (
        <div className="stale-banner">
          <p>
            <BannerSentence session={session} /> {t('stale.hint')}
          </p>
          <RestartNow session={session} />
        </div>
      )}
    </div>
  );
}

function BannerSentence({ session }: { session: StaleSession }) {
  return <>{useSentence(session)}</>;
}

function useSentence({ credential: { variable, masked }, reason }: StaleSession): string {
  const t = useT();
  return t(`stale.${reason}`, { variable, masked });
}

/** The button says what it costs: the turn that runs ends. */
function RestartNow({ session }: { session: StaleSession }) {
  const t = useT();
  const app = useSlices('agents');
  const { transport } = useServices();
  const { sessionId, agentId } = session;
  const restart = useAction(() => transport.call('credentials.restartSessions', { sessionIds: [sessionId] }));
  return (
    <div className="row credential-actions">
      <Button
        onClick={() => restart.run()}
        disabled={restart.pending}
        aria-label={t('stale.restart.named', { agent: agentName(app, agentId) })}
      >
        {t('stale.restart')}
      </Button>
      <ErrorText error={restart.error} />
    </div>
  );
}
