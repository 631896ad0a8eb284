import type { Failure } from '../../shared/model/failure.ts';
import type { TurnOutcome, TurnSummary } from '../../shared/model/run-event.ts';
import type { Route } from '../app/route.ts';
import { useApp, useServices, useT } from '../app/services.tsx';
import { logLineText } from '../logs/line-text.ts';
import { isAboutCredential } from '../popover/agent-state.ts';
import { findAgent } from '../stores/select.ts';
import { useSubmit } from '../stores/use-submit.ts';
import { Button } from '../ui/button.tsx';
import { ErrorText, useErrorSentence } from '../ui/error-text.tsx';
import { Icon } from '../ui/icon.tsx';
import { RouteLink } from '../ui/link.tsx';

interface FailureCardProps {
  readonly turn: TurnSummary;
  readonly outcome: Extract<TurnOutcome, { outcome: 'failed' | 'lost' }>;
  readonly prompt: string;
  readonly hasHistory: boolean;
}

/** Why a turn failed, in words, and the three ways on: its log, another try, the credential (R45). */
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
      <FailureFacts failure={failure} />
      {failure.reported && (
        <figure className="failure-reported">
          <figcaption>{t('failure.reported')}</figcaption>
          <blockquote>{failure.reported}</blockquote>
        </figure>
      )}
      {failure.lastLines.length > 0 && (
        <details className="failure-lines">
          <summary>{t('failure.lastLines')}</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
          <pre tabIndex={0}>{failure.lastLines.map(logLineText).join('\n')}</pre>
        </details>
      )}
      <FailureActions turn={turn} failure={failure} prompt={prompt} hasHistory={hasHistory} />
    </section>
  );
}

function FailureFacts({ failure }: { failure: Failure }) {
  const t = useT();
  return (
    <p className="failure-facts">
      <code className="code-tag">{failure.error.code}</code>
      {failure.exitCode !== undefined && <span>{t('failure.exitCode', { exitCode: failure.exitCode })}</span>}
      {failure.signal !== undefined && <span>{t('failure.signal', { signal: failure.signal })}</span>}
    </p>
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
  const retry = useSubmit((next) => location.go({ view: 'session', turnId: next.turnId }));
  const providerId = useCredentialProvider(turn, failure);
  const { agentId, projectDir, model, sessionId } = turn;
  const body = { agentId, projectDir, prompt, ...(model ? { model } : {}), ...(hasHistory ? { sessionId } : {}) };
  return (
    <>
      <div className="row">
        <RouteLink look="plain" icon="log" to={logOf(turn, failure)}>
          {t('openLog')}
        </RouteLink>
        <Button onClick={() => retry.run(body)} disabled={retry.pending}>
          {t('retry')}
        </Button>
        {providerId !== undefined && (
          <RouteLink look="primary" icon="key" to={{ view: 'settings', page: 'credentials', providerId }}>
            {t('fixCredential')}
          </RouteLink>
        )}
      </div>
      <ErrorText error={retry.error} />
    </>
  );
}

/** The failing place; where none is known, the end of the session's log. */
function logOf(turn: TurnSummary, { log }: Failure): Route {
  return log === undefined
    ? { view: 'log', log: `session:${turn.sessionId}` }
    : { view: 'log', log: log.log, position: log };
}

/** Whose credential failed, when that is what failed. */
function useCredentialProvider(turn: TurnSummary, failure: Failure): string | undefined {
  const app = useApp();
  if (!isAboutCredential(failure.error.code)) return undefined;
  return (
    turn.providerId ??
    findAgent(app, turn.agentId)?.effective.providerId ??
    findAgent(app, turn.agentId)?.providerIds[0]
  );
}
