import { useId } from 'react';
import type { ImportCandidate, ImportOutcome } from '../../../shared/model/credential-import.ts';
import { useSlices, useT } from '../../context/services.tsx';
import { ErrorText } from '../../failure/error-text.tsx';
import { shortPath } from '../../i18n/format.ts';
import { SignInLink } from '../../sign-in/sign-in-link.tsx';
import { agentName, findAgent, providerName } from '../../stores/select.ts';
import { Icon } from '../../ui/icon.tsx';
import { List } from '../../ui/list.tsx';
import { FindingNotes } from '../finding-notes.tsx';
import { scopeText } from '../scope-text.ts';

interface CandidateRowProps {
  readonly candidate: ImportCandidate;
  readonly outcome: ImportOutcome | undefined;
  readonly ticked: boolean;
  /** Undefined: there is nothing to choose, for the reason shown. */
  readonly onTick: ((on: boolean) => void) | undefined;
}

export function CandidateRow({ candidate, outcome, ticked, onTick }: CandidateRowProps) {
  const t = useT();
  const app = useSlices('providers');
  const id = useId();
  const { variable, providerId, masked, source } = candidate;
  return (
    <li className="import-row">
      <label className="check">
        <input
          type="checkbox"
          checked={ticked && onTick !== undefined}
          disabled={onTick === undefined}
          aria-describedby={id}
          onChange={(event) => onTick?.(event.target.checked)}
        />
        <span>
          {variable === undefined ? providerName(app, providerId) : <code>{variable}</code>}{' '}
          {masked !== '' && <span className="masked">{masked}</span>}
        </span>
      </label>
      <div id={id} className="import-about">
        <p className="credential-meta">
          {variable !== undefined && <span>{providerName(app, providerId)}</span>}
          <span title={source}>{shortPath(source, 44)}</span>
          {outcome?.outcome === 'stored' && <span className="tag">{t('import.taken')}</span>}
        </p>
        <Notes candidate={candidate} />
      </div>
      <SignInInstead candidate={candidate} />
      {outcome?.outcome === 'failed' && <ErrorText error={outcome.error} />}
    </li>
  );
}

/** A login of the agent's own program stays there. Perch has the same sign-in for its own sessions. */
function SignInInstead({ candidate: { agentId, why } }: Pick<CandidateRowProps, 'candidate'>) {
  const app = useSlices('agents');
  const agent = agentId === undefined ? undefined : findAgent(app, agentId);
  if (why !== 'login' || agent?.ownLogin === undefined || agent.installation.state !== 'found') return null;
  return (
    <div className="row import-sign-in">
      <SignInLink agentId={agent.agentId} name={agent.ownLogin.name} describes={agent.name} />
    </div>
  );
}

/** Why it cannot be taken, what it would replace, and what is odd about it. */
function Notes({ candidate: { why, alreadyStored, findings } }: Pick<CandidateRowProps, 'candidate'>) {
  const t = useT();
  const app = useSlices('agents');
  const scopes = alreadyStored.map((scope) => scopeText(scope, t, (agentId) => agentName(app, agentId))).join(', ');
  const notes = [
    ...(why === undefined ? [] : [t(`reason.import-${why}`)]),
    ...(scopes === '' ? [] : [t('import.alreadyStored', { scopes })]),
  ];
  return (
    <>
      {notes.length > 0 && (
        <List className="findings">
          {notes.map((text) => (
            <li key={text} className="finding">
              <Icon name="question" />
              <span>{text}</span>
            </li>
          ))}
        </List>
      )}
      <FindingNotes findings={findings} />
    </>
  );
}
