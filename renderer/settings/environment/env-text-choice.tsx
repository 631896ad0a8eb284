import { useId, useState } from 'react';
import type { Scope } from '../../../shared/model/credential.ts';
import type { VariableCandidate } from '../../../shared/model/variable.ts';
import { useServices, useSlices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { FindingNotes } from '../../credentials/finding-notes.tsx';
import { scopeText } from '../../credentials/scope-text.ts';
import { ClipboardSentence } from '../../credentials/stored-message.tsx';
import { ErrorText } from '../../failure/error-text.tsx';
import { agentName, providerName } from '../../stores/select.ts';
import { Button } from '../../ui/button.tsx';
import { browserClipboard, type ClearOutcome, clearIfHolds } from '../../ui/clipboard.ts';
import { List } from '../../ui/list.tsx';
import { SubmitForm } from '../../ui/submit-form.tsx';
import type { Pasted } from '../../ui/use-pasted.ts';
import { type Choice, chosenOf, having, initialChoice, isStored, withOutcomes } from './choice.ts';
import { isSameScope } from './overlaps.ts';

interface EnvTextChoiceProps {
  readonly text: string;
  readonly candidates: readonly VariableCandidate[];
  readonly scope: Scope;
  readonly pasted: Pasted;
}

export function EnvTextChoice({ text, candidates, scope, pasted }: EnvTextChoiceProps) {
  const t = useT();
  const app = useSlices('settings', 'variables', 'agents');
  const { transport } = useServices();
  const [choice, setChoice] = useState(() => initialChoice(candidates));
  const [clipboard, setClipboard] = useState<ClearOutcome | null>(null);
  const chosen = chosenOf(candidates, choice);
  const incomplete = chosen.length === 0 || (scope.kind === 'project' && scope.projectDir === '');
  const save = useAction(async () => {
    const { results } = await transport.call('variables.setFromText', { text, scope, chosen });
    setChoice((before) => withOutcomes(before, results));
    if (!app.settings.clearClipboardAfterPaste || !results.some(({ outcome }) => outcome === 'stored')) return;
    setClipboard(await clearIfHolds([text, ...pasted.take()], browserClipboard));
  });
  const stored = candidates.filter(({ name }) => isStored(choice, name)).length;
  const where = scopeText(scope, t, (agentId) => agentName(app, agentId));
  return (
    <SubmitForm className="import-found" ready={!incomplete && !save.pending} onSubmit={() => save.run()}>
      {candidates.length === 0 && <p role="status">{t('variables.text.nothing')}</p>}
      <List className="import-list" aria-label={t('import.found')}>
        {candidates.map((candidate) => (
          <CandidateRow
            key={candidate.name}
            candidate={candidate}
            choice={choice}
            replaces={app.variables.some((one) => one.name === candidate.name && isSameScope(one.scope, scope))}
            onChoice={setChoice}
          />
        ))}
      </List>
      <ErrorText error={save.error} />
      {candidates.length > 0 && (
        <div className="row">
          <Button type="submit" look="primary" disabled={incomplete || save.pending}>
            {t('variables.text.save', { count: chosen.length, scope: where })}
          </Button>
        </div>
      )}
      <p role="status" className="said">
        {stored > 0 ? t('variables.text.done', { count: stored }) : ''}
      </p>
      {clipboard !== null && <ClipboardSentence outcome={clipboard} />}
    </SubmitForm>
  );
}

interface CandidateRowProps {
  readonly candidate: VariableCandidate;
  readonly choice: Choice;
  readonly replaces: boolean;
  readonly onChoice: (choice: Choice) => void;
}

function CandidateRow({ candidate, choice, replaces, onChoice }: CandidateRowProps) {
  const t = useT();
  const app = useSlices('providers');
  const id = useId();
  const { name, masked, providerId, problem, findings = [] } = candidate;
  const outcome = choice.outcomes.get(name);
  const stored = isStored(choice, name);
  const open = problem === undefined && !stored;
  return (
    <li className="import-row">
      <div className="row row-between">
        <label className="check">
          <input
            type="checkbox"
            checked={open && choice.ticked.has(name)}
            disabled={!open}
            aria-describedby={id}
            onChange={(event) => onChoice({ ...choice, ticked: having(choice.ticked, name, event.target.checked) })}
          />
          <span>
            <code>{name}</code> <span className="masked">{masked}</span>
          </span>
        </label>
        {open && providerId === undefined && (
          <label className="check">
            <input
              type="checkbox"
              checked={!choice.plain.has(name)}
              aria-label={t('variables.secret.named', { variable: name })}
              onChange={(event) => onChoice({ ...choice, plain: having(choice.plain, name, !event.target.checked) })}
            />
            <span>{t('variables.secret')}</span>
          </label>
        )}
      </div>
      <div id={id} className="import-about">
        {stored && (
          <p>
            <span className="tag">{t('variables.text.taken')}</span>
          </p>
        )}
        {open && replaces && <p className="hint">{t('variables.text.replaces')}</p>}
        {open && providerId !== undefined && (
          <p className="hint">{t('variables.becomesCredential', { provider: providerName(app, providerId) })}</p>
        )}
        {open && <FindingNotes findings={findings} />}
        <ErrorText error={outcome?.outcome === 'failed' ? outcome.error : (problem ?? null)} />
      </div>
    </li>
  );
}
