import type { ProviderView } from '../../../shared/model/provider.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { terminalJson } from '../terminal/output.ts';
import { writeTable } from '../terminal/table.ts';
import { UsageError } from '../usage-error.ts';
import { findProvider } from '../values.ts';

export const providersList: Command = async (context) => {
  const { values, stdout, t, openCore } = context;
  const { client } = await openCore();
  const { providers } = await client.call('providers.list', {});
  if (values.json === true) {
    stdout.line(terminalJson({ providers }));
    return EXIT.ok;
  }
  writeTable(
    stdout,
    ['id', 'name', 'base-url', 'source', 'credential'].map((column) => t(`cli.providers.${column}`)),
    providers.map((provider) => [
      provider.providerId,
      provider.name,
      provider.baseUrl ?? '',
      t(`cli.providers.from-${provider.baseUrlSource}`),
      provider.credentialAlternatives.map((together) => together.join(' + ')).join(', '),
    ]),
  );
  return EXIT.ok;
};

/** A base URL may hold a password by mistake: the core refuses that, and repeats none of it. */
export const providersSet: Command = async (context) => {
  const { 'base-url': baseUrl, 'login-client-id': clientId } = context.values;
  if (baseUrl === undefined && clientId === undefined) throw new UsageError('provider-nothing-to-set');
  const { client } = await context.openCore();
  const { providerId } = (await findProvider(client, context.operands[0] ?? '')).provider;
  let provider: ProviderView | undefined;
  if (clientId !== undefined) {
    provider = (await client.call('providers.setLoginClientId', { providerId, clientId })).provider;
    if (context.values.json !== true) context.stdout.line(clientLine(context, provider));
  }
  if (baseUrl !== undefined) provider = (await client.call('providers.setBaseUrl', { providerId, baseUrl })).provider;
  else if (context.values.json !== true) return EXIT.ok;
  return provider === undefined ? EXIT.ok : tell(context, provider);
};

export const providersReset: Command = async (context) => {
  const { client } = await context.openCore();
  const { providerId } = (await findProvider(client, context.operands[0] ?? '')).provider;
  const { provider } = await client.call('providers.reset', { providerId });
  return tell(context, provider);
};

/** Models, limits and prices; nothing needs the newest. */
export const providersRefresh: Command = async ({ values, stdout, t, openCore }) => {
  const { client } = await openCore();
  const { source } = await client.call('providers.refreshModels', {});
  if (values.json === true) stdout.line(terminalJson({ source }));
  else stdout.line(t('cli.providers.refreshed', { source: source.source, date: source.date }));
  return EXIT.ok;
};

function tell({ values, stdout, t }: Context, provider: ProviderView): number {
  if (values.json === true) stdout.line(terminalJson({ provider }));
  else stdout.line(t('cli.providers.now', { provider: provider.name, baseUrl: provider.baseUrl ?? '–' }));
  return EXIT.ok;
}

function clientLine({ t }: Pick<Context, 't'>, { name, login }: ProviderView): string {
  const clientId = login?.ownClientId;
  return clientId === undefined
    ? t('cli.providers.no-client', { provider: name })
    : t('cli.providers.client', { provider: name, clientId });
}
