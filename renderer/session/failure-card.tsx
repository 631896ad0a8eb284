import { REMEDIES } from '../../shared/errors/remedies.ts';
import { withoutControls } from '../../shared/i18n/describe-error.ts';
import type { Failure } from '../../shared/model/failure.ts';
import type { TurnOutcome, TurnSummary } from '../../shared/model/run-event.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useSubmit } from '../context/use-submit.ts';
import { ErrorText, useErrorSentence } from '../failure/error-text.tsx';
import { FailureDetails } from '../failure/failure-details.tsx';
import { titleKey } from '../failure/failure-title.ts';
import { remedyRoute } from '../failure/remedy-route.ts';
import { RetryButton } from '../failure/retry-button.tsx';
import { findAgent } from '../stores/select.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';

interface FailureCardProps {
  readonly turn: TurnSummary;
  readonly outcome: Extract<TurnOutcome, { outcome: 'failed' | 'lost' }>;
  readonly prompt: string;
  readonly hasHistory: boolean;
}

/** Says in words why a turn failed, and offers the ways on: its log, another try, the place of the repair. */
export function FailureCard({ turn, outcome, prompt, hasHistory }: FailureCardProps) {
  const t = useT();
  const sentence = useErrorSentence();
  const { failure } = outcome;
  return (
    <section className="failure" aria-label={t('failure')}>
      <h2>
        <Icon name="warning" />
        {withoutControls(t(titleKey(failure.error, outcome.outcome), failure.error.values))}
      </h2>
      <p className="failure-cause">{sentence(failure.error)}</p>
      <FailureActions turn={turn} failure={failure} prompt={prompt} hasHistory={hasHistory} />
    </section>
  );
}

interface FailureActionsProps {
  readonly turn: TurnSummary;
  readonly failure: Failure;
  readonly prompt: string;
  readonly hasHistory: boolean;
}

function FailureActions({ turn, failure, prompt, hasHistory }: FailureActionsProps) {
  const t = useT();
  const { location } = useServices();
  const providerId = useProvider(turn);
  const retry = useSubmit((next) => location.go({ view: 'session', turnId: next.turnId }));
  const { agentId, projectDir, model, sessionId } = turn;
  const anew = { agentId, projectDir, prompt, ...(model ? { model } : {}) };
  const remedy = REMEDIES[failure.error.code];
  const leadsSomewhere = remedyRoute(failure.error, { providerId, agentId }) !== undefined;
  const { resetAt } = failure.error.values;
  const retryButton = (
    <RetryButton
      look={leadsSomewhere || remedy === 'new-conversation' ? 'plain' : 'primary'}
      resetAt={typeof resetAt === 'number' ? resetAt : undefined}
      pending={retry.pending}
      onRetry={() => retry.run({ ...anew, ...(hasHistory ? { sessionId } : {}) })}
    />
  );
  const elsewhere = (
    <Button look="primary" onClick={() => retry.run(anew)} disabled={retry.pending}>
      {t('retry.newConversation')}
    </Button>
  );
  return (
    <>
      <FailureDetails
        failure={failure}
        log={`session:${sessionId}`}
        restarts={isOfRunner(failure) ? { until: turn.endedAt } : undefined}
        providerId={providerId}
        agentId={agentId}
        turnId={turn.turnId}
        primary={remedy === 'new-conversation' ? elsewhere : leadsSomewhere ? undefined : retryButton}
      >
        {(leadsSomewhere || remedy === 'new-conversation') && retryButton}
      </FailureDetails>
      <ErrorText error={retry.error} />
    </>
  );
}

/** The runner's lives are why a turn was lost, and no news about an agent that failed by itself. */
function isOfRunner({ error }: Failure): boolean {
  return error.code === 'TURN_LOST' || REMEDIES[error.code] === 'runner';
}

function useProvider(turn: TurnSummary): string | undefined {
  const app = useSlices('agents');
  const agent = findAgent(app, turn.agentId);
  return turn.providerId ?? agent?.effective.providerId ?? agent?.providerIds[0];
}
