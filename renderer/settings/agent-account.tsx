import { useId } from 'react';
import type { AgentView } from '../../shared/model/agent.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { accountsOf } from '../credentials/accounts.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { Field } from '../ui/field.tsx';

/** Chooses which account of its provider an agent uses. Only shown where there are named ones. */
export function AgentAccount({ agent }: { agent: AgentView }) {
  const t = useT();
  const { credentials } = useSlices('credentials');
  const { transport } = useServices();
  const id = useId();
  const providerId = agent.effective.providerId ?? agent.settings.auth.providerId;
  const choose = useAction((account: string) =>
    transport.call('agents.configure', {
      agentId: agent.agentId,
      settings: { accounts: { [providerId ?? '']: account === '' ? null : account } },
    }),
  );
  if (providerId === undefined) return null;
  const chosen = agent.settings.accounts?.[providerId];
  const names = accountsOf(credentials, providerId);
  if (names.length === 0 && chosen === undefined) return null;
  // A chosen one whose credential is gone stays visible: it is why the agent is not ready.
  const offered = chosen === undefined || names.includes(chosen) ? names : [...names, chosen];
  return (
    <Field id={id} label={t('account')}>
      <select id={id} value={chosen ?? ''} onChange={(event) => choose.run(event.target.value)}>
        <option value="">{t('account.notChosen')}</option>
        {offered.map((account) => (
          <option key={account} value={account}>
            {account}
          </option>
        ))}
      </select>
      <ErrorText error={choose.error} />
    </Field>
  );
}
