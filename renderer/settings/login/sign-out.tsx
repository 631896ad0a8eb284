import { useId, useState } from 'react';
import type { AgentView } from '../../../shared/model/agent.ts';
import { useServices, useT } from '../../app/services.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorText } from '../../ui/error-text.tsx';
import { useAction } from '../../ui/use-action.ts';

/** Removes an agent's own login, after a question that names the files. */
export function SignOut({ agent, files }: { agent: AgentView; files: readonly string[] }) {
  const t = useT();
  const { transport } = useServices();
  const id = useId();
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
    <div className="question" role="alertdialog" aria-label={t('login.signOut')} aria-describedby={id}>
      <p id={id}>
        {t('login.signOut.ask', { agent: agent.name })} <code>{files.join(', ')}</code>
      </p>
      <div className="row">
        <Button autoFocus onClick={() => setAsking(false)}>
          {t('login.signOut.keep')}
        </Button>
        <Button look="danger" disabled={signOut.pending} onClick={() => void signOut.run()}>
          {t('login.signOut')}
        </Button>
      </div>
      <ErrorText error={signOut.error} />
    </div>
  );
}
