import { type KeyboardEvent, useId, useState } from 'react';
import type { Params } from '../../shared/contract/methods.ts';
import type { AgentView } from '../../shared/model/agent.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { useLanguage } from '../context/use-language.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { defaultModelName } from '../stores/model-name.ts';
import { Field } from '../ui/field.tsx';
import { useSavedText } from '../ui/use-saved-text.ts';
import { type ModelChoice, modelGroups, modelLabel } from './model-choices.ts';
import { ModelPanel, optionId } from './model-panel.tsx';
import { useModels } from './use-models.ts';

/** The longest model id the core takes. */
const MAX_MODEL = 256;

/**
 * Free text, with the models to choose from below it; an empty text means the default. The typed text is saved on Enter
 * and on leaving.
 */
export function ModelPicker({ agent, saved }: { agent: AgentView; saved: string }) {
  const t = useT();
  const { providers, turns } = useSlices('providers', 'turns');
  const { transport } = useServices();
  const language = useLanguage();
  const id = useId();
  const [text, setText] = useSavedText(saved);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const models = useModels(agent, open);
  const save = useAction((auth: NonNullable<Params<'agents.configure'>['settings']['auth']>) =>
    transport.call('agents.configure', { agentId: agent.agentId, settings: { auth } }),
  );
  const { providerId } = agent.effective;
  const isEdited = text !== saved;
  const groups = modelGroups(
    {
      ...models,
      examples: providers.find((candidate) => candidate.providerId === providerId)?.models ?? [],
      listed: models.live?.state === 'listed' ? models.live.models : undefined,
      providerId,
      providerIsChosen: agent.settings.auth.providerId !== undefined,
    },
    // A saved text is no search: every model shows beside it.
    isEdited ? text : '',
    (model) => modelLabel(model, t, language),
  );
  const choices = groups.flatMap((group) => group.choices);

  const close = () => {
    setOpen(false);
    setActive(-1);
  };
  const pick = (choice: ModelChoice) => {
    setText(choice.id);
    close();
    // A model out of a provider's list is that provider's, whatever its id looks like.
    const ofProvider = agent.providerIds.length > 1 && choice.providerId !== undefined;
    void save.run({ mode: 'byo', model: choice.id, ...(ofProvider ? { providerId: choice.providerId } : {}) });
  };
  const commit = () => {
    close();
    if (text.trim() !== saved) void save.run({ mode: 'byo', model: text.trim() });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setOpen(true);
      if (open && choices.length > 0) setActive((active + step + choices.length) % choices.length);
    } else if (event.key === 'Enter') {
      const choice = open ? choices[active] : undefined;
      if (choice === undefined) commit();
      else pick(choice);
    } else if (event.key === 'Escape' && (open || isEdited)) {
      event.preventDefault();
      setText(saved);
      close();
    }
  };
  return (
    <Field id={id} label={t('model')}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it hears when the focus leaves field and panel */}
      <div
        className="model-picker"
        onBlur={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget)) commit();
        }}
      >
        <input
          id={id}
          role="combobox"
          aria-expanded={open}
          aria-controls={`${id}-panel`}
          aria-autocomplete="list"
          aria-activedescendant={open && active >= 0 ? optionId(id, active) : undefined}
          value={text}
          maxLength={MAX_MODEL}
          spellCheck={false}
          autoComplete="off"
          placeholder={defaultModelName(agent, turns, t)}
          onClick={() => setOpen(true)}
          onChange={(event) => {
            setText(event.target.value);
            setOpen(true);
            setActive(-1);
          }}
          onKeyDown={onKeyDown}
        />
        {open && <ModelPanel {...{ id, agent, groups, active, models, saved }} onPick={pick} />}
      </div>
      <ErrorText error={save.error} />
    </Field>
  );
}
