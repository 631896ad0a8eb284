import type { AgentView } from '../../../shared/model/agent.ts';
import { useT } from '../../context/services.tsx';
import { HowToInstall } from '../../installs/how-to-install.tsx';
import { ProgramField } from './program-field.tsx';

/** Where the agent's program is, which one of several it is and why; or how to get it. */
export function WhereFound({ agent }: { agent: AgentView }) {
  const t = useT();
  const { installation } = agent;
  switch (installation.state) {
    case 'checking':
      return null;
    case 'found':
      return <Found agent={agent} installation={installation} />;
    case 'missing':
      return <HowToInstall agent={agent} installation={installation} />;
    case 'could-not-check':
      return <p className="hint">{t('agents.couldNotCheck', { reason: installation.reason })}</p>;
  }
}

type FoundInstallation = Extract<AgentView['installation'], { state: 'found' }>;

function Found({ agent, installation }: { agent: AgentView; installation: FoundInstallation }) {
  const t = useT();
  const { path, source, version = '?', olderThan, chosenIsGone } = installation;
  const isChosen = agent.settings.program === path;
  return (
    <>
      <p className="found" title={path}>
        {t('labelled', { label: t(isChosen ? 'agents.source.chosen' : `agents.source.${source}`) })} <code>{path}</code>
      </p>
      {chosenIsGone && <p className="hint">{t('program.chosenIsGone', { path: chosenIsGone })}</p>}
      {olderThan && (
        <p className="hint">{t('program.olderThan', { agent: agent.name, version, minimum: olderThan })}</p>
      )}
      <ProgramField agent={agent} installation={installation} />
    </>
  );
}
