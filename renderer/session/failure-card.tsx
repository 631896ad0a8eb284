import { REMEDIES } from '../../shared/errors/remedies.ts';
import type { Failure } from '../../shared/model/failure.ts';
import type { TurnOutcome, TurnSummary } from '../../shared/model/run-event.ts';
import { useApp, useServices, useT } from '../app/services.tsx';
import { FailureDetails } from '../failure/failure-details.tsx';
import { findAgent } from '../stores/select.ts';
import { useSubmit } from '../stores/use-submit.ts';
import { Button } from '../ui/button.tsx';
import { ErrorText, useErrorSentence } from '../ui/error-text.tsx';
import { Icon } from '../ui/icon.tsx';

interface FailureCardProps {
  readonly turn: TurnSummary;
  readonly outcome: Extract<TurnOutcome, { outcome: 'failed' | 'lost' }>;
  readonly prompt: string;
  readonly hasHistory: boolean;
}

/** Why a turn failed, in words, and the ways on: its log, another try, where it is put right (R45). */
export function FailureCard({ turn, outcome, prompt, hasHistory }: FailureCardProps) {
  const t = useT();
  const sentence = useErrorSentence();
  const { failure } = outcome;
  return (
    <section className="failure" aria-label={t('failure')}>
      <h2>
        <Icon name="warning" />
        {t(outcome.outcome === 'lost' ? 'failure.lost' : 'failure.failed')}
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
  const body = { agentId, projectDir, prompt, ...(model ? { model } : {}), ...(hasHistory ? { sessionId } : {}) };
  return (
    <>
      <FailureDetails
        failure={failure}
        log={`session:${sessionId}`}
        restarts={isOfRunner(failure) ? { until: turn.endedAt } : undefined}
        providerId={providerId}
        agentId={agentId}
        turnId={turn.turnId}
      >
        <Button onClick={() => retry.run(body)} disabled={retry.pending}>
          {t('retry')}
        </Button>
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
  const app = useApp();
  const agent = findAgent(app, turn.agentId);
  return turn.providerId ?? agent?.effective.providerId ?? agent?.providerIds[0];
}
