import { useState } from 'react';
import {
  type AgentSettingName,
  type AgentSettings,
  type AgentView,
  changedSettings,
} from '../../../shared/model/agent.ts';
import { modelsOf } from '../../../shared/model/auth.ts';
import { useServices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { Question } from '../../forms/question.tsx';
import { Button } from '../../ui/button.tsx';
import { List } from '../../ui/list.tsx';

/** The settings in words. */
const VALUES: { readonly [Name in AgentSettingName]: (settings: AgentSettings) => string | undefined } = {
  auth: ({ auth }) =>
    [auth.mode, auth.mode === 'managed' ? auth.gateway.providerId : auth.providerId, ...modelsOf(auth)]
      .filter((part) => part !== undefined)
      .join(', '),
  accounts: ({ accounts = {} }) =>
    Object.entries(accounts)
      .map(([providerId, account]) => `${providerId}: ${account}`)
      .join(', '),
  sandbox: ({ sandbox }) => sandbox,
  secretFiles: ({ secretFiles }) => secretFiles,
  program: ({ program }) => program,
  permissionMode: ({ permissionMode }) => permissionMode,
  maxMinutes: ({ maxMinutes }) => maxMinutes?.toString(),
  maxToolCalls: ({ maxToolCalls }) => maxToolCalls?.toString(),
  instructions: ({ instructions }) => instructions,
};

/** Resets all settings of an agent. The list of them comes first; credentials and state stay. */
export function ResetAll({ agent }: { agent: AgentView }) {
  const t = useT();
  const { transport } = useServices();
  const [asking, setAsking] = useState(false);
  const changed = changedSettings(agent.settings);
  const reset = useAction(async () => {
    await transport.call('agents.resetSettings', { agentId: agent.agentId });
    setAsking(false);
  });
  if (!asking) {
    return (
      <div>
        <Button look="quiet" disabled={changed.length === 0} onClick={() => setAsking(true)}>
          {t('agentSettings.resetAll')}
        </Button>
      </div>
    );
  }
  return (
    <>
      <List className="going-list">
        {changed.map((name) => (
          <li key={name}>
            {t('labelled', { label: t(`agentSettings.name.${name}`) })} {VALUES[name](agent.settings)}
          </li>
        ))}
      </List>
      <Question
        label={t('agentSettings.resetAll')}
        keep={t('keep')}
        go={t('agentSettings.resetAll')}
        action={reset}
        onKeep={() => setAsking(false)}
      >
        {t('agentSettings.resetAll.ask', { agent: agent.name })}
      </Question>
    </>
  );
}
