import type { AgentView } from '../../shared/model/agent.ts';
import { useServices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ExplainedSwitch } from '../forms/explained-switch.tsx';

/** Decides whether sessions of an agent may read a project's own secrets. Only has a meaning in the sandbox. */
export function SecretFilesSwitch({ agent }: { agent: AgentView }) {
  const t = useT();
  const { transport } = useServices();
  const set = useAction((shown: boolean) =>
    transport.call('agents.configure', {
      agentId: agent.agentId,
      settings: { secretFiles: shown ? 'shown' : 'hidden' },
    }),
  );
  const shown = agent.settings.secretFiles === 'shown';
  return (
    <ExplainedSwitch label={t('secretFiles.switch')} checked={shown} weakens={shown} action={set}>
      {t(shown ? 'secretFiles.shown' : 'secretFiles.hidden', { agent: agent.name })}
    </ExplainedSwitch>
  );
}
