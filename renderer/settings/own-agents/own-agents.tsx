import { useState } from 'react';
import type { AgentView } from '../../../shared/model/agent.ts';
import type { ForgetList } from '../../../shared/model/forget.ts';
import { useServices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { ErrorText } from '../../failure/error-text.tsx';
import { Question } from '../../forms/question.tsx';
import { Button } from '../../ui/button.tsx';
import { GoingList } from '../forget/going-list.tsx';
import { OwnAgentForm } from './form.tsx';
import './own-agents.css';

/** The way to an agent of one's own. */
export function AddOwnAgent() {
  const t = useT();
  const [open, setOpen] = useState(false);
  if (open) return <OwnAgentForm onDone={() => setOpen(false)} />;
  return <Button onClick={() => setOpen(true)}>{t('ownAgent.add')}</Button>;
}

/** Edits and removes an agent of the user's own. */
export function OwnAgentActions({ agent }: { agent: AgentView }) {
  const t = useT();
  const { transport } = useServices();
  const [state, setState] = useState<'closed' | 'editing' | { going: ForgetList }>('closed');
  const close = () => setState('closed');
  const { agentId, name } = agent;
  const look = useAction(async () => {
    const { list } = await transport.call('forget.list', { target: { kind: 'agent', agentId } });
    setState({ going: list });
  });
  const remove = useAction(() => transport.call('userAgents.remove', { agentId }));
  if (agent.origin?.kind !== 'user') return null;
  if (state === 'editing') return <OwnAgentForm definition={agent.origin.definition} onDone={close} />;
  if (state === 'closed') {
    return (
      <div className="row">
        <Button onClick={() => setState('editing')}>{t('ownAgent.edit')}</Button>
        <Button look="quiet" disabled={look.pending} onClick={() => look.run()}>
          {t('ownAgent.remove', { agent: name })}
        </Button>
        <ErrorText error={look.error} />
      </div>
    );
  }
  return (
    <>
      <GoingList list={state.going} />
      <Question
        label={t('ownAgent.remove', { agent: name })}
        keep={t('keep')}
        go={t('ownAgent.remove', { agent: name })}
        action={remove}
        onKeep={close}
      >
        {t('ownAgent.remove.ask', { agent: name })}
      </Question>
    </>
  );
}
