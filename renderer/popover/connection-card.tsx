import type { AgentView } from '../../shared/model/agent.ts';
import type { ConnectionState } from '../../shared/model/connection-state.ts';
import type { Failure } from '../../shared/model/failure.ts';
import { oneState } from '../../shared/model/one-state.ts';
import { useLink, useServices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText, useErrorSentence } from '../failure/error-text.tsx';
import { FailureDetails } from '../failure/failure-details.tsx';
import { secondsUntil } from '../i18n/format.ts';
import { troubleSentence } from '../sign-in/words.ts';
import { Button } from '../ui/button.tsx';
import { RouteLink } from '../ui/link.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { useNow } from '../ui/use-now.ts';
import { CheckAgain } from './check-again.tsx';
import { CredentialWays } from './credential-ways.tsx';
import { useToldInConversation } from './told-in-conversation.ts';

/** Referred to by controls that are off for the reason that the card gives. */
export const CONNECTION_DETAIL_ID = 'connection-detail';

interface ConnectionCardProps {
  readonly connection: ConnectionState;
  readonly agent: AgentView | undefined;
}

/** The one place that says how the connection is, and what to do about it. */
export function ConnectionCard({ connection, agent }: ConnectionCardProps) {
  const t = useT();
  const link = useLink();
  const state = oneState({ link: link.kind, connection, agent });
  const detail = useDetail(connection, agent);
  // The banner above says that, and what was known last may be over.
  if (state.kind === 'no-link') return null;
  return (
    <section className={`connection connection-${state.kind}`} aria-label={t('connection')}>
      <div role="status" className="connection-text">
        <p className="connection-title">
          <StatusDot tone={state.tone} />
          <strong>{t(state.key, state.values)}</strong>
        </p>
        {detail && (
          <p className="connection-detail" id={CONNECTION_DETAIL_ID}>
            {detail}
          </p>
        )}
      </div>
      {connection.kind === 'reconnecting' && (
        <Countdown attempt={connection.attempt} nextTryAt={connection.nextTryAt} />
      )}
      <ConnectionActions connection={connection} agent={agent} />
    </section>
  );
}

function useDetail(connection: ConnectionState, agent: AgentView | undefined): string | undefined {
  const t = useT();
  const sentence = useErrorSentence();
  const told = useToldInConversation(agent);
  switch (connection.kind) {
    case 'reconnecting':
    case 'failed':
      return sentence(connection.failure.error);
    case 'needs-sign-in':
      if (told) return undefined;
      return agent?.readiness.state === 'not-ready'
        ? troubleSentence(agent, agent.readiness.error, t)
        : t('connection.needs-sign-in.detail');
    case 'stopped':
      return t('connection.stopped.detail');
    default:
      return undefined;
  }
}

/** Beside what is announced: a screen reader that read every second aloud would say nothing else. */
function Countdown({ attempt, nextTryAt }: { attempt: number; nextTryAt: number }) {
  const t = useT();
  const seconds = secondsUntil(nextTryAt, useNow(500));
  return (
    <p className="connection-countdown">
      {seconds === 0 ? t('connection.triesNow', { attempt }) : t('connection.nextTry', { attempt, seconds })}
    </p>
  );
}

function ConnectionActions({ connection, agent }: ConnectionCardProps) {
  const told = useToldInConversation(agent);
  switch (connection.kind) {
    case 'needs-sign-in':
      if (told || agent?.readiness.state !== 'not-ready') return null;
      return (
        <CredentialWays key={agent.agentId} agent={agent} error={agent.readiness.error}>
          <CheckAgain error={agent.readiness.error} />
        </CredentialWays>
      );
    case 'reconnecting':
    case 'failed':
      return <RunnerActions failure={connection.failure} />;
    case 'stopped':
      return <RunnerActions />;
    default:
      return null;
  }
}

function RunnerActions({ failure }: { failure?: Failure }) {
  const t = useT();
  const { transport } = useServices();
  const restart = useAction(() => transport.call('runner.restart', {}));
  const again = (
    <Button onClick={() => restart.run()} disabled={restart.pending}>
      {t('restart')}
    </Button>
  );
  return (
    <>
      {failure ? (
        <FailureDetails failure={failure} log="runner" restarts={{}}>
          {again}
        </FailureDetails>
      ) : (
        <div className="row">
          <RouteLink look="plain" icon="log" to={{ view: 'log', log: 'runner' }}>
            {t('openLog')}
          </RouteLink>
          {again}
        </div>
      )}
      <ErrorText error={restart.error} />
    </>
  );
}
