import { useState } from 'react';
import type { AgentView } from '../../shared/model/agent.ts';
import { useServices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { Question } from '../forms/question.tsx';
import { Button } from '../ui/button.tsx';

/** Removes an agent's own login, after a question that names the files. */
export function SignOut({ agent, files }: { agent: AgentView; files: readonly string[] }) {
  const t = useT();
  const { transport } = useServices();
  const [asking, setAsking] = useState(false);
  const signOut = useAction(async () => {
    await transport.call('terminals.signOut', { agentId: agent.agentId });
    setAsking(false);
  });
  if (!asking) {
    return (
      <Button look="quiet" onClick={() => setAsking(true)} aria-label={t('login.signOut.named', { agent: agent.name })}>
        {t('login.signOut')}
      </Button>
    );
  }
  return (
    <Question
      label={t('login.signOut')}
      keep={t('login.signOut.keep')}
      go={t('login.signOut')}
      action={signOut}
      onKeep={() => setAsking(false)}
    >
      {t('login.signOut.ask', { agent: agent.name })} <code>{files.join(', ')}</code>
    </Question>
  );
}
