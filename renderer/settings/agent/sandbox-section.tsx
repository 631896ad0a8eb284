import type { AgentView } from '../../../shared/model/agent.ts';
import { useServices, useSlices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { ExplainedSwitch } from '../../forms/explained-switch.tsx';
import { protectionOf } from '../../stores/select.ts';
import { SecretFilesSwitch } from '../secret-files-switch.tsx';
import { Section } from './section.tsx';

/** The isolation of the agent's sessions. */
export function SandboxSection({ agent }: { agent: AgentView }) {
  const t = useT();
  const { transport } = useServices();
  const { sandbox, secretFiles } = agent.settings;
  const reset = useAction(() =>
    transport.call('agents.resetSettings', { agentId: agent.agentId, names: ['sandbox', 'secretFiles'] }),
  );
  const isChanged = sandbox === 'off' || secretFiles === 'shown';
  return (
    <Section title={t('sandbox.switch')} reset={isChanged ? reset : undefined}>
      <SandboxSwitch agent={agent} />
      {sandbox === 'on' && <SecretFilesSwitch agent={agent} />}
    </Section>
  );
}

/** Turning it off is a choice with a consequence, which stands beside the switch before and after. */
function SandboxSwitch({ agent }: { agent: AgentView }) {
  const t = useT();
  const app = useSlices('host');
  const { transport } = useServices();
  const set = useAction((on: boolean) =>
    transport.call('agents.configure', { agentId: agent.agentId, settings: { sandbox: on ? 'on' : 'off' } }),
  );
  const protection = protectionOf(agent, app);
  const on = agent.settings.sandbox === 'on';
  return (
    <ExplainedSwitch label={t('sandbox.switch')} checked={on} weakens={!on} action={set}>
      {on ? t('sandbox.consequence.on') : t('sandbox.consequence.off', { agent: agent.name })}
      {protection.kind === 'unavailable' && ` ${t('sandbox.consequence.unavailable', { reason: protection.reason })}`}
    </ExplainedSwitch>
  );
}
