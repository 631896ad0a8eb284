import type { AgentView } from '../../shared/model/agent.ts';
import { useT } from '../context/services.tsx';
import { CopyButton } from '../ui/copy-button.tsx';

/** The line to type for an agent that Perch does not install; for a custom program, the part that is missing. */
export function HowToInstall({
  agent,
  installation: { installCommand, program = '' },
}: {
  agent: AgentView;
  installation: Extract<AgentView['installation'], { state: 'missing' }>;
}) {
  const t = useT();
  if (installCommand === undefined) {
    return <p className="hint">{t('error.AGENT_PROGRAM_MISSING', { agent: agent.name, program })}</p>;
  }
  return (
    <div className="agent-remedy">
      <code>{installCommand}</code>
      <CopyButton text={installCommand} name={t('agent.copyInstall', { agent: agent.name })} />
    </div>
  );
}
