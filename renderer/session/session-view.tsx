import { useCallback, useEffect, useMemo, useState } from 'react';
import type { TurnSummary } from '../../shared/model/run-event.ts';
import { useApp, useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { StaleBanner } from '../credentials/stale-sessions.tsx';
import { ErrorText } from '../failure/error-text.tsx';
import { shortPath } from '../i18n/format.ts';
import { turnModelName } from '../stores/model-name.ts';
import { agentName, findAgent } from '../stores/select.ts';
import { Button } from '../ui/button.tsx';
import { RouteLink } from '../ui/link.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { isEnded, TURN_TONES } from '../ui/turn-status.ts';
import { ViewHeader } from '../ui/view-header.tsx';
import { DeleteConversation } from './delete-conversation.tsx';
import { createFindPlaces, FindContext, type Hit } from './find.ts';
import { FindBar } from './find-bar.tsx';
import { FollowUp } from './follow-up.tsx';
import { SandboxBadge } from './sandbox-badge.tsx';
import './session.css';
import { List } from '../ui/list.tsx';
import { TurnSection } from './turn-section.tsx';
import { useSession } from './use-session.ts';
import { useStickToEnd } from './use-stick-to-end.ts';

/** A conversation with an agent, with the given turn in it. */
export default function SessionView({ turnId }: { turnId: string }) {
  const t = useT();
  const session = useSession(turnId);
  switch (session.state) {
    case 'loading':
      return (
        <>
          <ViewHeader title={t('session')} focusKey={turnId} />
          <p className="empty" role="status">
            {t('loading')}
          </p>
        </>
      );
    case 'error':
      return (
        <>
          <ViewHeader title={t('session')} focusKey={turnId} />
          <div className="view-body">
            <ErrorText error={session.error} />
          </div>
        </>
      );
    case 'ready':
      return <Conversation turns={session.turns} opened={turnId} key={session.turn.sessionId} />;
  }
}

function Conversation({ turns, opened }: { turns: readonly TurnSummary[]; opened: string }) {
  const t = useT();
  const app = useSlices('agents');
  const { box, content, following, follow, release } = useStickToEnd();
  const [places] = useState(createFindPlaces);
  const [hit, setHit] = useState<Hit | null>(null);
  const scope = useMemo(() => ({ places, current: hit, box }), [places, hit, box]);
  const onHit = useCallback(
    (next: Hit | null) => {
      setHit(next);
      if (next !== null) release();
    },
    [release],
  );
  const last = turns.at(-1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new turn is what the user just asked for
  useEffect(follow, [follow, last?.turnId]);
  if (last === undefined) return null;
  const agent = agentName(app, last.agentId);
  return (
    <section className="session" aria-label={t('session.with', { agent })}>
      <ViewHeader title={agent} focusKey={last.sessionId}>
        <CancelButton turn={last} />
        <RouteLink
          to={{ view: 'log', log: `session:${last.sessionId}`, turnId: opened }}
          look="icon"
          icon="log"
          aria-label={t('session.log')}
          title={t('session.log')}
        />
      </ViewHeader>
      <SessionFacts turn={last} />
      <StaleBanner sessionId={last.sessionId} />
      <FindBar places={places} turnIds={turns.map(({ turnId }) => turnId)} onHit={onHit} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <section className="session-scroll" ref={box} tabIndex={0} aria-label={t('session.transcript')}>
        <div className="session-content" ref={content}>
          <FindContext value={scope}>
            {turns.map((turn) => (
              <TurnSection key={turn.turnId} turn={turn} hasHistory={turns.length > 1} last={turn === last} />
            ))}
          </FindContext>
          {isEnded(last.status) && <DeleteConversation sessionId={last.sessionId} />}
        </div>
      </section>
      {!following && (
        <Button className="to-end" icon="chevron" onClick={follow}>
          {t('session.toEnd')}
        </Button>
      )}
      <FollowUp last={last} key={last.sessionId} />
    </section>
  );
}

function SessionFacts({ turn }: { turn: TurnSummary }) {
  const t = useT();
  const inTerminal = useApp((app) => findAgent(app, turn.agentId)?.terminal === true);
  return (
    <List className="facts" aria-label={t('session.facts')}>
      <li>
        <StatusDot tone={TURN_TONES[turn.status]} />
        <span role="status">{t(`turn.${turn.status}`)}</span>
      </li>
      {!inTerminal && <li className="fact-model">{turnModelName(turn, t)}</li>}
      <li title={turn.projectDir}>{shortPath(turn.projectDir, 30)}</li>
      {turn.sandbox && (
        <li>
          <SandboxBadge sandbox={turn.sandbox} />
        </li>
      )}
    </List>
  );
}

/** Also by Escape, wherever the focus is in the view; not while the agent asks: it would refuse without a word. */
function CancelButton({ turn }: { turn: TurnSummary }) {
  const t = useT();
  const { transport } = useServices();
  const cancel = useAction(() => transport.call('turns.cancel', { turnId: turn.turnId }));
  const running = !isEnded(turn.status);
  const run = cancel.run;
  const onKey = useCallback(
    (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && !event.isComposing) void run();
    },
    [run],
  );
  const byKey = running && turn.status !== 'waiting-for-permission';
  useEffect(() => {
    if (!byKey) return;
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [byKey, onKey]);
  if (!running) return null;
  return (
    <>
      <Button icon="stop" onClick={() => run()} disabled={cancel.pending} title={t('cancel.hint')}>
        {t('cancel')}
      </Button>
      <ErrorText error={cancel.error} />
    </>
  );
}
