import { useEffect, useState } from 'react';
import type { RestartBudget, SupervisorEvent } from '../../shared/model/connection-state.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { useLanguage } from '../context/use-language.ts';
import { ErrorText, useErrorSentence } from '../failure/error-text.tsx';
import { fullTime } from '../i18n/format.ts';
import { Button } from '../ui/button.tsx';
import { RouteLink } from '../ui/link.tsx';
import { OrderedList } from '../ui/list.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { DiagnosticsCard } from './diagnostics-card.tsx';

export function RunnerPage() {
  const t = useT();
  const { connection } = useSlices('connection');
  const sentence = useErrorSentence();
  const { transport } = useServices();
  const restart = useAction(() => transport.call('runner.restart', {}));
  const trouble = connection.kind === 'reconnecting' || connection.kind === 'failed' ? connection.failure : undefined;
  // Being signed out is not about the runner, which is connected then.
  const state = connection.kind === 'needs-sign-in' ? 'connected' : connection.kind;
  return (
    <>
      <div className="card">
        <p className="connection-title">
          <StatusDot tone={state === 'connected' ? 'good' : trouble ? 'bad' : 'busy'} />
          <strong>{t(`connection.${state}`)}</strong>
        </p>
        {trouble && <p>{sentence(trouble.error)}</p>}
        <div className="row">
          <Button onClick={() => restart.run()} disabled={restart.pending}>
            {t('restart')}
          </Button>
          <RouteLink
            look="plain"
            icon="log"
            to={{ view: 'log', log: 'runner', ...(trouble?.log ? { position: trouble.log } : {}) }}
          >
            {t('openLog')}
          </RouteLink>
        </div>
        <ErrorText error={restart.error} />
      </div>
      <Timeline changed={connection} />
      <DiagnosticsCard />
    </>
  );
}

/** The supervisor's events, newest first; requested again whenever the connection changes. */
function Timeline({ changed }: { changed: unknown }) {
  const t = useT();
  const { transport } = useServices();
  const [told, setTold] = useState<{ events: readonly SupervisorEvent[]; budget: RestartBudget } | null>(null);
  const load = useAction(async () => setTold(await transport.call('runner.timeline', {})));
  const run = load.run;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the connection is what makes it stale
  useEffect(() => void run(), [run, changed]);
  return (
    <section className="card" aria-labelledby="timeline-heading">
      <h3 id="timeline-heading">{t('timeline')}</h3>
      <ErrorText error={load.error} />
      {told && told.budget.crashes > 0 && <Budget budget={told.budget} />}
      {told?.events.length === 0 && <p className="empty">{t('timeline.empty')}</p>}
      <OrderedList className="timeline">
        {told?.events.toReversed().map((event, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two events may share a moment
          <TimelineRow key={`${event.at}-${index}`} event={event} />
        ))}
      </OrderedList>
    </section>
  );
}

/** How near the runner is to not being started again by itself. */
function Budget({ budget: { crashes, limit, windowMs } }: { budget: RestartBudget }) {
  const t = useT();
  return <p className="hint">{t('timeline.budget', { crashes, limit, seconds: windowMs / 1000 })}</p>;
}

function TimelineRow({ event }: { event: SupervisorEvent }) {
  const t = useT();
  const language = useLanguage();
  const facts = [
    event.what !== undefined && t(`timeline.what.${event.what}`),
    event.pid !== undefined && t('timeline.pid', { pid: event.pid }),
    event.how !== undefined && t(`timeline.how.${event.how}`),
    event.exitCode !== undefined && t('failure.exitCode', { exitCode: event.exitCode }),
    event.signal !== undefined && t('failure.signal', { signal: event.signal }),
    event.delayMs !== undefined && t('timeline.delay', { ms: event.delayMs }),
    event.reason !== undefined && event.reason,
  ].filter((fact) => fact !== false);
  return (
    <li>
      <time dateTime={new Date(event.at).toISOString()}>{fullTime(event.at, language)}</time>
      <span>{t(`timeline.${event.kind}`)}</span>
      <span className="hint">{facts.join(' · ')}</span>
    </li>
  );
}
