import { useEffect, useState } from 'react';
import type { SupervisorEvent } from '../../shared/model/connection-state.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { useLanguage } from '../context/use-language.ts';
import { duration, fullTime } from '../i18n/format.ts';
import { OrderedList } from '../ui/list.tsx';
import { type Attempt, attemptsOf, causeKey } from './attempts.ts';
import { ErrorText } from './error-text.tsx';

/** The runner's latest lives, newest first. `until`: those that had begun by then, for a failure of the past. */
export function RestartHistory({ until }: { until?: number | undefined }) {
  const t = useT();
  const { transport } = useServices();
  const { connection } = useSlices('connection');
  const [events, setEvents] = useState<readonly SupervisorEvent[]>([]);
  const load = useAction(async () => setEvents((await transport.call('runner.timeline', {})).events));
  const run = load.run;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the connection is what makes it stale
  useEffect(() => void run(), [run, connection]);
  const attempts = attemptsOf(events, until);
  if (load.error !== null) return <ErrorText error={load.error} />;
  if (attempts.length === 0) return null;
  return (
    <details className="failure-lines">
      <summary>{t('failure.restarts', { count: attempts.length })}</summary>
      <OrderedList className="failure-attempts" aria-label={t('failure.restarts', { count: attempts.length })}>
        {attempts.map((attempt) => (
          <AttemptRow key={`${attempt.startedAt}-${attempt.pid}`} attempt={attempt} />
        ))}
      </OrderedList>
    </details>
  );
}

function AttemptRow({ attempt }: { attempt: Attempt }) {
  const t = useT();
  const language = useLanguage();
  const { startedAt, endedAt, exitCode, signal, waitedMs } = attempt;
  const facts = [
    exitCode !== undefined && t('failure.exitCode', { exitCode }),
    signal !== undefined && t('failure.signal', { signal }),
    endedAt !== undefined && t('attempt.lived', { duration: duration(endedAt - startedAt, t, language) }),
    waitedMs !== undefined && t('attempt.waited', { duration: duration(waitedMs, t, language) }),
  ].filter((fact) => fact !== false);
  return (
    <li>
      <time dateTime={new Date(startedAt).toISOString()}>{fullTime(startedAt, language)}</time>
      <span>{[t(causeKey(attempt)), ...facts].join(' · ')}</span>
    </li>
  );
}
