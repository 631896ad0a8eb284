import { useState } from 'react';
import type { PermissionMode } from '../../shared/model/permission-mode.ts';
import type { TurnSummary } from '../../shared/model/run-event.ts';
import { useLink, useServices, useSlices, useT } from '../context/services.tsx';
import { useSubmit } from '../context/use-submit.ts';
import { ErrorText, useErrorSentence } from '../failure/error-text.tsx';
import { RemedyLink } from '../failure/remedy-link.tsx';
import { PermissionModeChoice } from '../popover/permission-mode-choice.tsx';
import { type PromptBlock, promptBlock } from '../popover/prompt-block.ts';
import { terminalPrompt } from '../popover/prompt-form.tsx';
import { agentName, findAgent } from '../stores/select.ts';
import { PromptBox } from '../ui/prompt-box.tsx';
import { isEnded } from '../ui/turn-status.ts';

/** Goes on with the same conversation once its last turn has ended. */
export function FollowUp({ last }: { last: TurnSummary }) {
  const t = useT();
  const app = useSlices('agents');
  const { location } = useServices();
  const [text, setText] = useState('');
  const [mode, setMode] = useState<PermissionMode>();
  const submit = useSubmit((turn) => {
    setText('');
    location.replace({ view: 'session', turnId: turn.turnId });
  });
  const block = useBlock(last);
  const agent = findAgent(app, last.agentId);
  const send = () => {
    const { agentId, projectDir, sessionId } = last;
    const asked = mode === undefined ? {} : { permissionMode: mode };
    void submit.run({ agentId, projectDir, sessionId, prompt: text, ...asked });
  };
  return (
    <div className="follow-up">
      <PromptBox
        label={t('followUp')}
        placeholder={t('followUp.placeholder', { agent: agentName(app, last.agentId) })}
        {...(agent?.terminal === true ? terminalPrompt(t) : {})}
        text={text}
        onText={setText}
        onSend={send}
        sending={submit.pending}
        rows={1}
        blocked={block !== null}
        reason={block && <BlockReason block={block} agentId={last.agentId} />}
      />
      {agent && <PermissionModeChoice agent={agent} mode={mode} onMode={setMode} />}
      <ErrorText error={submit.error} />
    </div>
  );
}

function useBlock(last: TurnSummary): PromptBlock | null {
  const app = useSlices('connection', 'agents');
  const link = useLink();
  if (!isEnded(last.status)) return { kind: 'reason', key: 'followUp.wait' };
  const agent = findAgent(app, last.agentId);
  return promptBlock(link, app.connection, agent);
}

function BlockReason({ block, agentId }: { block: PromptBlock; agentId: string }) {
  const t = useT();
  const sentence = useErrorSentence();
  switch (block.kind) {
    case 'said':
      return t('prompt.blocked.connection');
    case 'reason':
      return t(block.key);
    case 'error':
      return (
        <>
          {sentence(block.error)} <RemedyLink error={block.error} look="text" agentId={agentId} />
        </>
      );
  }
}
