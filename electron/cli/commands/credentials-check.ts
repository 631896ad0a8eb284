import { toWireError, type WireError } from '../../../shared/errors/perch-error.ts';
import { describeErrorWithCode } from '../../../shared/i18n/describe-error.ts';
import type { Translate } from '../../../shared/i18n/translate.ts';
import type { CredentialView } from '../../../shared/model/credential.ts';
import type { LivenessReport, LivenessVerdict } from '../../../shared/model/liveness.ts';
import type { ProviderView } from '../../../shared/model/provider.ts';
import type { Client } from '../../core/api/client.ts';
import type { Command } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { type Style, terminalJson } from '../terminal/output.ts';
import { type Cell, writeTable } from '../terminal/table.ts';
import { findProvider } from '../values.ts';
import { placeInWords, scopeKey, scopeOf } from './credentials.ts';

/** An error is no verdict: a value that cannot be read has passed nothing. */
type Check = { readonly credential: CredentialView } & (
  | { readonly report: LivenessReport }
  | { readonly error: WireError }
);

const STYLES: Readonly<Record<LivenessVerdict, Style>> = {
  alive: 'green',
  limited: 'yellow',
  'no-credit': 'yellow',
  dead: 'red',
  unknown: 'yellow',
  'could-not-check': 'dim',
};

/** Without a provider or a scope: all. Asks every provider at once, each within its own limit. Fails when a credential is dead or cannot be read. */
export const credentialsCheck: Command = async (context) => {
  const { values, operands, stdout, t, openCore } = context;
  const place = values.scope === undefined ? undefined : scopeKey(scopeOf(context));
  const { client } = await openCore();
  const [providerId] = operands;
  const only = providerId === undefined ? undefined : (await findProvider(client, providerId)).provider;
  const { credentials } = await client.call('credentials.list', {});
  const meant = credentials.filter(
    ({ providerId: of, scope }) =>
      (only === undefined || of === only.providerId) && (place === undefined || scopeKey(scope) === place),
  );
  const checks = await Promise.all(meant.map((credential) => check(client, credential)));
  if (values.json === true) stdout.line(terminalJson({ checks }));
  else if (checks.length === 0) stdout.line(t('cli.credentials.none'));
  else {
    const { providers } = await client.call('providers.list', {});
    writeTable(
      stdout,
      ['provider', 'variable', 'scope', 'verdict', 'reason'].map((column) => t(`cli.credentials.${column}`)),
      checks.map((one) => rowOf(one, providers, t)),
    );
    for (const page of billingPages(checks, providers)) stdout.line(t('cli.what-to-do.billing', { page }));
  }
  return checks.some(isBad) ? EXIT.failed : EXIT.ok;
};

async function check(client: Client, credential: CredentialView): Promise<Check> {
  try {
    const { credentialId } = credential;
    return { credential, report: await client.call('credentials.check', { credentialId, fresh: true }) };
  } catch (failure) {
    const error = toWireError(failure);
    if (error.code !== 'CREDENTIAL_UNREADABLE' && !error.code.startsWith('KEYCHAIN_')) throw failure;
    return { credential, error };
  }
}

function isBad(one: Check): boolean {
  return 'error' in one || one.report.verdict === 'dead';
}

/** Where credit is bought, of each provider whose account has none left. */
function billingPages(checks: readonly Check[], providers: readonly ProviderView[]): ReadonlySet<string> {
  const without = checks.filter((one) => 'report' in one && one.report.verdict === 'no-credit');
  const ids = new Set(without.map(({ credential }) => credential.providerId));
  const pages = providers.filter(({ providerId }) => ids.has(providerId)).map(({ billingPage }) => billingPage);
  return new Set(pages.filter((page) => page !== undefined));
}

function rowOf(one: Check, providers: readonly ProviderView[], t: Translate): (Cell | string)[] {
  const { providerId, variable } = one.credential;
  const begin = [providerId, variable, placeInWords(one.credential, t)];
  if ('error' in one) {
    return [...begin, { text: t('cli.credentials.unreadable'), style: 'red' }, describeErrorWithCode(one.error, t)];
  }
  const { verdict, reason, status = '', cause = '' } = one.report;
  const provider = providers.find((candidate) => candidate.providerId === providerId)?.name ?? providerId;
  const sentence = t(`liveness.reason.${reason}`, { provider, variable, status, cause });
  return [...begin, { text: t(`liveness.verdict.${verdict}`), style: STYLES[verdict] }, sentence];
}
