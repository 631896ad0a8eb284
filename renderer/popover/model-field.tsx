import { useEffect, useId, useState } from 'react';
import type { AgentView } from '../../shared/model/agent.ts';
import type { AgentAuth } from '../../shared/model/auth.ts';
import { useApp, useServices, useT } from '../app/services.tsx';
import { useLanguage } from '../i18n/use-format.ts';
import { ErrorText } from '../ui/error-text.tsx';
import { Field } from '../ui/field.tsx';
import { useAction } from '../ui/use-action.ts';
import { defaultModelKey } from './agent-state.ts';
import { modelChoices, modelLabel } from './model-choices.ts';
import { useModels } from './use-models.ts';

/** The longest model id the core takes. */
const MAX_MODEL = 256;

/** The agent's model: any with the user's own credential, one of those that are allowed in `managed`. */
export function ModelField({ agent }: { agent: AgentView }) {
  const { auth } = agent.settings;
  return auth.mode === 'managed' ? (
    <AllowedModelField agent={agent} auth={auth} />
  ) : (
    <OwnModelField agent={agent} saved={auth.model} />
  );
}

function AllowedModelField({ agent, auth }: { agent: AgentView; auth: Extract<AgentAuth, { mode: 'managed' }> }) {
  const t = useT();
  const { transport } = useServices();
  const id = useId();
  const choose = useAction((model: string) => {
    const rest = auth.allowedModels.filter((other) => other !== model);
    return transport.call('agents.configure', {
      agentId: agent.agentId,
      settings: { auth: { ...auth, allowedModels: [model, ...rest] } },
    });
  });
  return (
    <Field id={id} label={t('model')}>
      <select id={id} value={auth.allowedModels[0]} onChange={(event) => choose.run(event.target.value)}>
        {auth.allowedModels.map((model) => (
          <option key={model} value={model}>
            {model}
          </option>
        ))}
      </select>
      <ErrorText error={choose.error} />
    </Field>
  );
}

/**
 * Free text, with suggestions; empty is the default, by whoever decides it (R22). Saved on Enter and on leaving.
 */
function OwnModelField({ agent, saved }: { agent: AgentView; saved: string }) {
  const t = useT();
  const { providers } = useApp();
  const { transport } = useServices();
  const language = useLanguage();
  const id = useId();
  const [text, setText] = useState(saved);
  useEffect(() => setText(saved), [saved]);
  const save = useAction((model: string) =>
    transport.call('agents.configure', { agentId: agent.agentId, settings: { auth: { mode: 'byo', model } } }),
  );
  const commit = () => {
    const model = text.trim();
    if (model !== saved) void save.run(model);
  };
  const provider = providers.find((candidate) => candidate.providerId === agent.effective.providerId);
  const known = useModels(provider?.providerId);
  const choices = modelChoices({
    known: known.models,
    examples: provider?.models ?? [],
    typed: text,
    label: (model) => modelLabel(model, t, language),
  });
  return (
    <Field id={id} label={t('model')}>
      <input
        id={id}
        value={text}
        maxLength={MAX_MODEL}
        list={`${id}-models`}
        spellCheck={false}
        autoComplete="off"
        placeholder={t(defaultModelKey(agent))}
        onFocus={known.want}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
      <datalist id={`${id}-models`}>
        {choices.map((choice) => (
          <option key={choice.id} value={choice.id} label={choice.label} />
        ))}
      </datalist>
      <ErrorText error={save.error ?? known.error} />
    </Field>
  );
}
