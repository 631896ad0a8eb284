import { useState } from 'react';
import type { CredentialStorage } from '../../../shared/model/credential.ts';
import { useServices, useSlices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { ErrorText, useErrorSentence } from '../../failure/error-text.tsx';
import { useDraft } from '../../forms/use-draft.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { List } from '../../ui/list.tsx';
import { SubmitForm } from '../../ui/submit-form.tsx';
import { initialDraft, scopeOf } from '../draft.ts';
import { isKeychainTrouble } from '../keychain-notice.tsx';
import { ScopeFields } from '../scope-fields.tsx';
import { CandidateRow } from './candidate-row.tsx';
import { chosenIds, isOpen, type Outcomes, withOutcomes } from './chosen.ts';
import type { Listing } from './import.tsx';

/** The found credentials, to choose from. None is ticked at first. */
export function Found({ listing: { candidates, others, problems } }: { listing: Listing }) {
  const t = useT();
  const sentence = useErrorSentence();
  return (
    <>
      {problems.map((problem) => (
        <Banner key={sentence(problem)} tone="warn">
          {sentence(problem)}
        </Banner>
      ))}
      {candidates.length === 0 && <p role="status">{t('import.nothing')}</p>}
      {candidates.length > 0 && <Checklist candidates={candidates} />}
      {others > 0 && <p className="hint">{t('import.others', { count: others })}</p>}
    </>
  );
}

function Checklist({ candidates }: Pick<Listing, 'candidates'>) {
  const t = useT();
  const app = useSlices('settings', 'agents', 'providers');
  const { transport } = useServices();
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [outcomes, setOutcomes] = useState<Outcomes>(new Map());
  const { draft, change } = useDraft(() => initialDraft(app, { providerId: undefined, replacing: null }));
  const chosen = chosenIds(candidates, { ticked, outcomes });
  const scope = scopeOf(draft);
  const incomplete = chosen.length === 0 || (scope.kind === 'project' && scope.projectDir === '');
  const take = useAction(async () => {
    const params = { candidateIds: chosen, scope, storage: draft.storage };
    const { results } = await transport.call('credentials.import', params);
    setOutcomes((before) => withOutcomes(before, results));
  });
  const stored = [...outcomes.values()].filter(({ outcome }) => outcome === 'stored').length;
  return (
    <SubmitForm className="import-found" ready={!incomplete && !take.pending} onSubmit={() => take.run()}>
      <List className="import-list" aria-label={t('import.found')}>
        {candidates.map((candidate) => {
          const { candidateId } = candidate;
          const tick = (on: boolean) =>
            setTicked(
              (before) => new Set(on ? [...before, candidateId] : [...before].filter((id) => id !== candidateId)),
            );
          return (
            <CandidateRow
              key={candidateId}
              candidate={candidate}
              outcome={outcomes.get(candidateId)}
              ticked={ticked.has(candidateId)}
              onTick={isOpen(candidate, outcomes) ? tick : undefined}
            />
          );
        })}
      </List>
      <ScopeFields draft={draft} change={change} />
      <SessionOnly storage={draft.storage} onStorage={(storage) => change({ storage })} />
      <ErrorText error={take.error} />
      <div className="row">
        <Button type="submit" look="primary" disabled={incomplete || take.pending}>
          {t('import.take', { count: chosen.length })}
        </Button>
      </div>
      <p role="status" className="said">
        {stored > 0 ? t('import.done', { count: stored }) : ''}
      </p>
    </SubmitForm>
  );
}

/** The way out while the keychain is in trouble. */
function SessionOnly({
  storage,
  onStorage,
}: {
  storage: CredentialStorage;
  onStorage: (storage: CredentialStorage) => void;
}) {
  const t = useT();
  const { keychain } = useSlices('keychain');
  const sessionOnly = storage === 'session-only';
  if (!sessionOnly && !isKeychainTrouble(keychain)) return null;
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={sessionOnly}
        onChange={(event) => onStorage(event.target.checked ? 'session-only' : 'keychain')}
      />
      <span>{t('storage.keepForSession')}</span>
    </label>
  );
}
