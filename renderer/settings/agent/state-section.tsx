import { useEffect, useState } from 'react';
import type { Result } from '../../../shared/contract/methods.ts';
import type { AgentView } from '../../../shared/model/agent.ts';
import { useServices, useSlices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { ErrorText } from '../../failure/error-text.tsx';
import { Question } from '../../forms/question.tsx';
import { Button } from '../../ui/button.tsx';
import { Section } from './section.tsx';

const inMegabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

/** The agent's own folder: where it is, how much is in it, and its end. */
export function StateSection({ agent }: { agent: AgentView }) {
  const t = useT();
  const { host } = useSlices('host');
  const { transport } = useServices();
  const { agentId } = agent;
  const [folder, setFolder] = useState<Result<'agents.stateFolder'> | null>(null);
  const [asking, setAsking] = useState(false);
  const [cleared, setCleared] = useState<number | null>(null);
  const look = useAction(async (reveal: boolean) =>
    setFolder(await transport.call('agents.stateFolder', { agentId, reveal })),
  );
  const lookNow = look.run;
  useEffect(() => void lookNow(false), [lookNow]);
  const clear = useAction(async () => {
    setCleared((await transport.call('agents.clearState', { agentId })).bytes);
    setAsking(false);
    await lookNow(false);
  });
  return (
    <Section title={t('agentSettings.state')}>
      <p className="hint">{t('agentSettings.state.hint', { agent: agent.name })}</p>
      {folder !== null && (
        <p className="state-folder">
          <code>{folder.path}</code>{' '}
          <span className="hint">{t('agentSettings.size', { size: inMegabytes(folder.bytes) })}</span>
        </p>
      )}
      {asking ? (
        <Question
          label={t('agentSettings.clear')}
          keep={t('keep')}
          go={t('agentSettings.clear')}
          action={clear}
          onKeep={() => setAsking(false)}
        >
          {t('agentSettings.clear.ask', { agent: agent.name, size: inMegabytes(folder?.bytes ?? 0) })}
        </Question>
      ) : (
        <div className="row">
          {host.canRevealFiles && (
            <Button look="quiet" disabled={look.pending} onClick={() => look.run(true)}>
              {t('log.reveal')}
            </Button>
          )}
          <Button look="quiet" disabled={folder === null || folder.bytes === 0} onClick={() => setAsking(true)}>
            {t('agentSettings.clear')}
          </Button>
        </div>
      )}
      <p className="said" role="status">
        {cleared !== null && t('agentSettings.cleared', { size: inMegabytes(cleared) })}
      </p>
      <ErrorText error={look.error} />
    </Section>
  );
}
