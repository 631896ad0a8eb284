import { useState } from 'react';
import type { AgentView } from '../../../shared/model/agent.ts';
import { useServices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { Question } from '../../forms/question.tsx';
import { InstallControl } from '../../installs/install-control.tsx';
import { offerOf, ownVersion } from '../../installs/offer.ts';
import { Button } from '../../ui/button.tsx';

/** Offers what Perch can install of an agent, names the source, and removes it again. */
export function Install({ agent }: { agent: AgentView }) {
  const t = useT();
  const { install } = agent;
  if (install === undefined) return null;
  return (
    <div className="install">
      {offerOf(agent) && <p className="hint">{t('install.what', { packages: install.packages.join(', ') })}</p>}
      <div className="row">
        <InstallControl agent={agent} />
      </div>
      {ownVersion(agent) !== undefined && <Uninstall agent={agent} />}
    </div>
  );
}

function Uninstall({ agent }: { agent: AgentView }) {
  const t = useT();
  const { transport } = useServices();
  const [asking, setAsking] = useState(false);
  const remove = useAction(async () => {
    await transport.call('agents.uninstall', { agentId: agent.agentId });
    setAsking(false);
  });
  const label = t('install.remove.named', { agent: agent.name });
  if (!asking) {
    return (
      <Button look="quiet" onClick={() => setAsking(true)} aria-label={label}>
        {t('install.remove')}
      </Button>
    );
  }
  return (
    <Question
      label={label}
      keep={t('install.remove.keep')}
      go={t('install.remove')}
      action={remove}
      onKeep={() => setAsking(false)}
    >
      {t('install.remove.ask', { agent: agent.name })}
    </Question>
  );
}
