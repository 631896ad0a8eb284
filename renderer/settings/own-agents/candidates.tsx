import { useId, useState } from 'react';
import type { Result } from '../../../shared/contract/methods.ts';
import { runsAsText } from '../../../shared/model/agent-definition.ts';
import { agentIdSchema } from '../../../shared/model/ids.ts';
import { useServices, useSlices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { ErrorText } from '../../failure/error-text.tsx';
import { Button } from '../../ui/button.tsx';
import { List } from '../../ui/list.tsx';
import { Outcome } from './outcome.tsx';

type Candidate = Result<'userAgents.importCandidates'>['candidates'][number];
type Results = Result<'userAgents.import'>['results'];

/** A candidate: whether it is taken, and under which id. */
interface Choice {
  readonly chosen: boolean;
  readonly agentId: string;
}

/** The agents of a repository, for choice; one with an id that is taken gets another id or is left out. */
export function Candidates({ candidates }: { candidates: readonly Candidate[] }) {
  const t = useT();
  const { agents } = useSlices('agents');
  const { transport } = useServices();
  const [choices, setChoices] = useState<readonly Choice[]>(
    candidates.map(({ definition: { agentId } }) => ({ chosen: false, agentId })),
  );
  const [results, setResults] = useState<Results | null>(null);
  const set = (at: number, change: Partial<Choice>) =>
    setChoices(choices.map((choice, index) => (index === at ? { ...choice, ...change } : choice)));
  const problemOf = (agentId: string) => {
    if (!agentIdSchema.safeParse(agentId).success) return 'not-an-id';
    return agents.some((agent) => agent.agentId === agentId) ? 'taken' : undefined;
  };
  const chosen = candidates.flatMap(({ definition }, index) => {
    const choice = choices[index];
    return choice?.chosen ? [{ ...definition, agentId: choice.agentId }] : [];
  });
  const ids = chosen.map(({ agentId }) => agentId);
  const isReady = ids.length > 0 && new Set(ids).size === ids.length && ids.every((id) => problemOf(id) === undefined);
  const take = useAction(async () =>
    setResults((await transport.call('userAgents.import', { definitions: chosen })).results),
  );
  if (results !== null) return <Outcome results={results} />;
  return (
    <>
      <List className="stack" aria-label={t('agentImport.candidates')}>
        {candidates.map((candidate, index) => {
          const choice = choices[index] ?? { chosen: false, agentId: candidate.definition.agentId };
          return (
            <CandidateRow
              key={candidate.definition.agentId}
              candidate={candidate}
              choice={choice}
              problem={problemOf(choice.agentId)}
              onChange={(change) => set(index, change)}
            />
          );
        })}
      </List>
      <div className="row">
        <Button look="primary" disabled={take.pending || !isReady} onClick={() => take.run()}>
          {t('agentImport.take', { count: chosen.length })}
        </Button>
      </div>
      <ErrorText error={take.error} />
    </>
  );
}

function CandidateRow(props: {
  candidate: Candidate;
  choice: Choice;
  problem: 'taken' | 'not-an-id' | undefined;
  onChange: (change: Partial<Choice>) => void;
}) {
  const { candidate, choice, problem, onChange } = props;
  const { name, description, runs } = candidate.definition;
  const t = useT();
  const id = useId();
  return (
    <li>
      <label className="check">
        <input
          type="checkbox"
          checked={choice.chosen}
          onChange={(event) => onChange({ chosen: event.target.checked })}
        />
        {t(`declared.agent.${runs.kind}`, { agent: name })} <code>{runsAsText(runs)}</code>
      </label>
      {description !== '' && <p className="hint">{description}</p>}
      {(choice.chosen || candidate.taken) && (
        <label className="field">
          {t('ownAgent.id')}
          <input
            value={choice.agentId}
            maxLength={64}
            spellCheck={false}
            autoComplete="off"
            aria-describedby={id}
            onChange={(event) => onChange({ agentId: event.target.value })}
          />
        </label>
      )}
      <p className="hint" id={id}>
        {problem === undefined ? '' : t(`agentImport.${problem}`)}
      </p>
    </li>
  );
}
