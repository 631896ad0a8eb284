import { useId } from 'react';
import type { AgentView } from '../../../shared/model/agent.ts';
import type { AgentAuthPatch } from '../../../shared/model/auth.ts';
import { useServices, useSlices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { ErrorText } from '../../failure/error-text.tsx';
import { ModelField } from '../../popover/model-field.tsx';
import { providerName } from '../../stores/select.ts';
import { Field } from '../../ui/field.tsx';
import { Section } from './section.tsx';

/** Which model, and who answers for it. */
export function ModelSection({ agent }: { agent: AgentView }) {
  const t = useT();
  const { transport } = useServices();
  const { auth } = agent.settings;
  const reset = useAction(() => {
    const byDefault: AgentAuthPatch = { mode: 'byo', model: '', providerId: null };
    return transport.call('agents.configure', { agentId: agent.agentId, settings: { auth: byDefault } });
  });
  const isChanged = auth.mode === 'byo' && (auth.model !== '' || auth.providerId !== undefined);
  return (
    <Section title={t('model')} reset={isChanged ? reset : undefined}>
      <div className="agent-fields">
        <ModelField agent={agent} />
        {auth.mode === 'byo' && agent.providerIds.length > 0 && (
          <ProviderField agent={agent} chosen={auth.providerId} />
        )}
      </div>
    </Section>
  );
}

function ProviderField({ agent, chosen }: { agent: AgentView; chosen: string | undefined }) {
  const t = useT();
  const app = useSlices('providers');
  const { transport } = useServices();
  const id = useId();
  const choose = useAction((providerId: string) =>
    transport.call('agents.configure', {
      agentId: agent.agentId,
      settings: { auth: { mode: 'byo', providerId: providerId === '' ? null : providerId } },
    }),
  );
  const { providerId: derived, by } = chosen === undefined ? agent.effective : {};
  return (
    <Field id={id} label={t('provider')}>
      <select id={id} value={chosen ?? ''} onChange={(event) => choose.run(event.target.value)}>
        <option value="">
          {derived ? t(`provider.by.${by ?? 'only'}`, { provider: providerName(app, derived) }) : t('provider.derived')}
        </option>
        {agent.providerIds.map((providerId) => (
          <option key={providerId} value={providerId}>
            {providerName(app, providerId)}
          </option>
        ))}
      </select>
      <ErrorText error={choose.error} />
    </Field>
  );
}
