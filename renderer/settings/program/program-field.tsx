import { useId } from 'react';
import type { AgentView } from '../../../shared/model/agent.ts';
import { useServices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { ErrorText } from '../../failure/error-text.tsx';
import { Field } from '../../ui/field.tsx';

/** Which program is started, where several were found. */
export function ProgramField({
  agent,
  installation,
}: {
  agent: AgentView;
  installation: Extract<AgentView['installation'], { state: 'found' }>;
}) {
  const t = useT();
  const { transport } = useServices();
  const id = useId();
  const choose = useAction((program: string) =>
    transport.call('agents.configure', {
      agentId: agent.agentId,
      settings: { program: program === '' ? null : program },
    }),
  );
  const { program: chosen } = agent.settings;
  const all = [installation, ...(installation.others ?? [])];
  if (all.length === 1 && chosen === undefined) return null;
  return (
    <Field id={id} label={t('program')}>
      <select
        id={id}
        value={installation.path === chosen ? chosen : ''}
        onChange={(event) => choose.run(event.target.value)}
      >
        <option value="">{t('program.first')}</option>
        {all.map(({ path, version, source }) => (
          <option key={path} value={path}>
            {[path, version, t(`agents.source.${source}`)].filter(Boolean).join(' · ')}
          </option>
        ))}
      </select>
      <ErrorText error={choose.error} />
    </Field>
  );
}
