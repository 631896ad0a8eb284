import { lazy, Suspense, useState } from 'react';
import type { AgentView } from '../../shared/model/agent.ts';
import type { PermissionMode } from '../../shared/model/permission-mode.ts';
import { useLink, useRoute, useServices, useSlices, useT } from '../context/services.tsx';
import { useSubmit } from '../context/use-submit.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { PromptBox } from '../ui/prompt-box.tsx';
import { AGENT_TROUBLE_ID } from './agent-section.tsx';
import { CONNECTION_DETAIL_ID } from './connection-card.tsx';
import { PermissionModeChoice } from './permission-mode-choice.tsx';
import { type PromptBlock, promptBlock, willWait } from './prompt-block.ts';
import { SharedFolder } from './shared-folder.tsx';

/** Looked at now and then: it does not hold up the window. */
const EnvironmentPlan = lazy(async () => ({
  default: (await import('../plan/environment-plan.tsx')).EnvironmentPlan,
}));

/** Starts a new session with the selected agent. */
export function PromptForm({ agent }: { agent: AgentView | undefined }) {
  const t = useT();
  const app = useSlices('connection', 'settings');
  const { location } = useServices();
  const route = useRoute();
  const [text, setText] = useState('');
  const [mode, setMode] = useState<PermissionMode>();
  const submit = useSubmit((turn) => {
    setText('');
    location.go({ view: 'session', turnId: turn.turnId });
  });
  const block = promptBlock(useLink(), app.connection, agent);
  const { projectDir } = app.settings;
  const send = () => {
    if (agent === undefined) return;
    const asked = mode !== undefined && agent.permissionModes.includes(mode) ? { permissionMode: mode } : {};
    void submit.run({ agentId: agent.agentId, prompt: text, ...(projectDir ? { projectDir } : {}), ...asked });
  };
  return (
    <section aria-label={t('prompt.section')}>
      <SharedFolder />
      <PromptBox
        label={t('prompt')}
        placeholder={agent ? t('prompt.placeholder', { agent: agent.name }) : t('prompt')}
        {...(agent?.terminal === true ? terminalPrompt(t) : {})}
        text={text}
        onText={setText}
        onSend={send}
        sending={submit.pending}
        blocked={block !== null}
        focused={route.view === 'home'}
        {...(block === null && willWait(agent) ? { reason: t('prompt.waits') } : blockProps(block, t))}
      />
      {agent && <PermissionModeChoice agent={agent} mode={mode} onMode={setMode} />}
      <ErrorText error={submit.error} />
      {agent && (
        <Suspense>
          <EnvironmentPlan key={agent.agentId} agent={agent} />
        </Suspense>
      )}
    </section>
  );
}

/** A program in a terminal is started; what is written here is only its first input. */
export function terminalPrompt(t: ReturnType<typeof useT>) {
  return {
    label: t('terminal.input'),
    placeholder: t('terminal.input.placeholder'),
    verb: t('terminal.start'),
    optional: true,
  };
}

function blockProps(block: PromptBlock | null, t: ReturnType<typeof useT>) {
  if (block?.kind === 'reason') return { reason: t(block.key) };
  // The agent's section says why, above; the card does for the connection.
  if (block?.kind === 'error') return { describedBy: AGENT_TROUBLE_ID };
  return block === null ? {} : { describedBy: CONNECTION_DETAIL_ID };
}
