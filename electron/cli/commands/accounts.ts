import { accountSchema } from '../../../shared/model/credential.ts';
import type { Command } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { terminalJson } from '../terminal/output.ts';
import { UsageError } from '../usage-error.ts';
import { checkAgentId, findProvider } from '../values.ts';

/** Chooses the account of a provider that an agent uses; without a name the choice is taken back. */
export const credentialsUse: Command = async ({ values, operands, stdout, t, openCore }) => {
  const [providerId = '', name] = operands;
  const account = name === undefined ? null : accountSchema.safeParse(name).data;
  // A secret may have landed here: it is not repeated.
  if (account === undefined) throw new UsageError('account');
  const agentId = values.agent ?? '';
  const { client } = await openCore();
  await checkAgentId(client, agentId);
  const { provider } = await findProvider(client, providerId);
  const settings = { accounts: { [provider.providerId]: account } };
  const { agent } = await client.call('agents.configure', { agentId, settings });
  const words = { agent: agent.name, provider: provider.name };
  if (values.json === true) stdout.line(terminalJson({ agent }));
  else if (account === null) stdout.line(t('cli.credentials.account-not-chosen', words));
  else stdout.line(t('cli.credentials.account-chosen', { ...words, account }));
  return EXIT.ok;
};
