import { useId, useState } from 'react';
import type { AgentView } from '../../../shared/model/agent.ts';
import { type AuthMode, modelsOf } from '../../../shared/model/auth.ts';
import { useServices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { Question } from '../../forms/question.tsx';
import { Section } from './section.tsx';
import { useReset } from './use-reset.ts';

/**
 * How the agent gets at its models: shown where there is a choice, or where the mode that is set is one that Perch
 * does not offer. Another mode clears what the one before had: that is asked first.
 */
export function ModeSection({ agent }: { agent: AgentView }) {
  const t = useT();
  const { transport } = useServices();
  const id = useId();
  const { auth } = agent.settings;
  const [wanted, setWanted] = useState<AuthMode | null>(null);
  const [cleared, setCleared] = useState<readonly string[]>([]);
  const { reset } = useReset(agent, 'auth');
  const save = useAction(async () => {
    const settings = { auth: { mode: 'byo' as const } };
    const answer = await transport.call('agents.configure', { agentId: agent.agentId, settings });
    setCleared(answer.cleared ?? []);
    setWanted(null);
  });
  const going = modelsOf(auth).join(', ');
  const clears = going === '' ? t('mode.clearsNothing') : t('mode.clears', { models: going });
  const shown = wanted ?? auth.mode;
  const choices = new Set([...agent.modes, auth.mode]);
  if (choices.size === 1 && cleared.length === 0) return null;
  return (
    <Section title={t('mode')} reset={auth.mode === 'byo' ? undefined : reset}>
      {choices.size > 1 && (
        <div role="radiogroup" aria-label={t('mode')} className="mode-choices">
          {[...choices].map((mode) => (
            <label key={mode} className="check">
              <input
                type="radio"
                name={id}
                checked={shown === mode}
                aria-describedby={`${id}-${mode}`}
                onChange={() => {
                  setCleared([]);
                  setWanted(mode === auth.mode ? null : mode);
                }}
              />
              <span>
                {t(`mode.${mode}`)}
                <span className="hint" id={`${id}-${mode}`}>
                  {t(`mode.${mode}.hint`, { agent: agent.name, tools: (agent.webTools ?? []).join(', ') || '–' })}
                </span>
              </span>
            </label>
          ))}
        </div>
      )}
      {wanted === 'byo' && (
        <Question
          label={t('mode.switch')}
          keep={t('keep')}
          go={t('mode.switch')}
          action={save}
          onKeep={() => setWanted(null)}
        >
          {clears}
        </Question>
      )}
      <p className="said" role="status">
        {cleared.length > 0 && t('mode.cleared', { models: cleared.join(', ') })}
      </p>
    </Section>
  );
}
