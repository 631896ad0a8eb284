import type { Command } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { terminalJson } from '../terminal/output.ts';
import { told } from './credentials.ts';

/** By id, as `credentials list --json` says it: a place may hold several, and only one was issued by that server. */
export const credentialsRenew: Command = async ({ values, operands, stdout, t, openCore }) => {
  const { client } = await openCore();
  const { credential } = await client.call('credentials.renew', { credentialId: operands[0] ?? '' });
  if (values.json === true) stdout.line(terminalJson({ credential }));
  else stdout.line(t('cli.credentials.renewed', told(credential, t)));
  return EXIT.ok;
};
