import { useId } from 'react';
import type { AgentView } from '../../shared/model/agent.ts';
import type { AgentAuth } from '../../shared/model/auth.ts';
import { useServices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { Field } from '../ui/field.tsx';
import { ModelPicker } from './model-picker.tsx';

/** The agent's model: any with the user's own credential, one of those that are allowed in `managed`. */
export function ModelField({ agent }: { agent: AgentView }) {
  const { auth } = agent.settings;
  return auth.mode === 'managed' ? (
    <AllowedModelField agent={agent} auth={auth} />
  ) : (
    <ModelPicker agent={agent} saved={auth.model} />
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
