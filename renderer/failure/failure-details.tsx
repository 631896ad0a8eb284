import type { ReactNode } from 'react';
import type { Failure } from '../../shared/model/failure.ts';
import type { LogName } from '../../shared/model/log-position.ts';
import { useT } from '../context/services.tsx';
import { RouteLink } from '../ui/link.tsx';
import './failure.css';
import { LastLines } from './last-lines.tsx';
import { RemedyLink } from './remedy-link.tsx';
import { RestartHistory } from './restart-history.tsx';

interface FailureDetailsProps {
  readonly failure: Failure;
  /** Opened at its end when the failure has no place in a log. */
  readonly log: LogName;
  /** Shows the runner's latest lives: all of them, or those up to a moment. */
  readonly restarts?: { readonly until?: number | undefined } | undefined;
  /** The provider, where the error itself does not name it. */
  readonly providerId?: string | undefined;
  readonly agentId?: string | undefined;
  /** The turn that failed; absent: it is the runner. */
  readonly turnId?: string | undefined;
  /** The one way on that fits; absent: where the error is put right, if that is a place in the window. */
  readonly primary?: ReactNode;
  /** The other ways on. */
  readonly children: ReactNode;
}

/** Everything that is known of a failure, of the runner or of a turn, below the sentence that says what happened. */
export function FailureDetails(props: FailureDetailsProps) {
  const { failure, log, restarts, providerId, agentId, turnId, primary, children } = props;
  const t = useT();
  const position = failure.log ? { position: failure.log } : {};
  const turn = turnId === undefined ? {} : { turnId };
  return (
    <>
      <Facts failure={failure} />
      {failure.reported && (
        <figure className="failure-reported">
          <figcaption>{t('failure.reported')}</figcaption>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
          <blockquote tabIndex={0}>{failure.reported}</blockquote>
        </figure>
      )}
      <LastLines lines={failure.lastLines} />
      {restarts && <RestartHistory until={restarts.until} />}
      <div className="row">
        {primary ?? <RemedyLink error={failure.error} providerId={providerId} agentId={agentId} look="primary" />}
        <RouteLink look="plain" icon="log" to={{ view: 'log', log: failure.log?.log ?? log, ...position, ...turn }}>
          {t('openLog')}
        </RouteLink>
        {children}
      </div>
    </>
  );
}

function Facts({ failure }: { failure: Failure }) {
  const t = useT();
  return (
    <p className="failure-facts">
      <code className="code-tag">{failure.error.code}</code>
      {failure.exitCode !== undefined && <span>{t('failure.exitCode', { exitCode: failure.exitCode })}</span>}
      {failure.signal !== undefined && <span>{t('failure.signal', { signal: failure.signal })}</span>}
    </p>
  );
}
