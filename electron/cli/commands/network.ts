import { resolve } from 'node:path';
import type { Params } from '../../../shared/contract/methods.ts';
import { defined } from '../../../shared/defined.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { describeError } from '../../../shared/i18n/describe-error.ts';
import type { NetworkView } from '../../../shared/model/network.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { oneLine, terminalJson } from '../terminal/output.ts';
import { readAll, readHidden, withoutFinalBreak } from '../terminal/read-input.ts';
import { UsageError } from '../usage-error.ts';
import { findProvider } from '../values.ts';

const MAX_PASSWORD_BYTES = 1000;

export const networkShow: Command = async (context) => {
  const { client } = await context.openCore();
  return tell(context, (await client.call('network.get', {})).network);
};

/**
 * The password comes from stdin: an argument would end up in the shell's history and in the process list that every
 * user can read.
 */
export const networkProxySet: Command = async (context) => {
  const { values, operands, openCore } = context;
  const [url = ''] = operands;
  const { user: userName, except = [] } = values;
  const sessionOnly = values['session-only'] === true;
  const { client, hosted } = await openCore();
  if (sessionOnly && hosted) throw new UsageError('session-only-without-app');
  const password = userName === undefined ? '' : await readPassword(context);
  if (password === null) return EXIT.failed;
  const { network } = await client.call('network.setProxy', {
    url,
    ...defined({ userName }),
    password: passwordParam(password),
    storage: sessionOnly ? 'session-only' : 'keychain',
    exceptions: except.flatMap((text) => text.split(/[\s,]+/)),
  });
  return tell(context, network);
};

export const networkProxyRemove: Command = async (context) => {
  const { client } = await context.openCore();
  return tell(context, (await client.call('network.removeProxy', {})).network);
};

export const networkCertificatesSet: Command = async (context) => {
  const { operands, cwd, openCore } = context;
  const { client } = await openCore();
  const file = resolve(cwd, operands[0] ?? '');
  return tell(context, (await client.call('network.setCertificates', { file })).network);
};

export const networkCertificatesRemove: Command = async (context) => {
  const { client } = await context.openCore();
  return tell(context, (await client.call('network.removeCertificates', {})).network);
};

/** Shows what the login shell says, and takes none of it. */
export const networkDetect: Command = async ({ values, stdout, t, openCore }) => {
  const { client } = await openCore();
  const found = await client.call('network.detect', {});
  if (values.json === true) {
    stdout.line(terminalJson(found));
    return EXIT.ok;
  }
  const { proxy, certificateFile, shell } = found;
  if (proxy === undefined && certificateFile === undefined) stdout.line(t('cli.network.detected-nothing', { shell }));
  if (proxy !== undefined) {
    const user = proxy.userName === undefined ? '' : ` --user ${oneLine(proxy.userName)}`;
    const except = proxy.exceptions.map((exception) => ` --except '${oneLine(exception)}'`).join('');
    stdout.line(`perch network proxy set ${oneLine(proxy.url)}${user}${except}`);
  }
  if (certificateFile !== undefined) stdout.line(`perch network certificates set ${oneLine(certificateFile, 400)}`);
  return EXIT.ok;
};

export const networkCheck: Command = async ({ values, operands, stdout, t, openCore }) => {
  const { client } = await openCore();
  const { provider } = await findProvider(client, operands[0] ?? '');
  const checked = await client.call('network.check', { providerId: provider.providerId });
  if (values.json === true) stdout.line(terminalJson(checked));
  else stdout.line(t(`cli.network.checked-${checked.way}`, { host: checked.host, status: checked.status }));
  return EXIT.ok;
};

function passwordParam(password: string): Params<'network.setProxy'>['password'] {
  return password === '' ? { from: 'none' } : { from: 'typed', value: password };
}

async function readPassword({ stdin, stderr, t }: Context): Promise<string | null> {
  if (stdin.isTTY) return await readHidden(stdin, stderr, `${t('cli.network.password')} `);
  const value = withoutFinalBreak(await readAll(stdin, MAX_PASSWORD_BYTES + 2));
  if (value.length <= MAX_PASSWORD_BYTES) return value;
  throw new PerchError('CREDENTIAL_TOO_LARGE', { bytes: value.length, maxBytes: MAX_PASSWORD_BYTES });
}

function tell({ values, stdout, t }: Context, network: NetworkView): number {
  if (values.json === true) {
    stdout.line(terminalJson({ network }));
    return EXIT.ok;
  }
  const { proxy, certificates } = network;
  if (proxy === undefined) stdout.line(t('cli.network.no-proxy'));
  else {
    stdout.line(t('cli.network.proxy', { url: proxy.url }));
    if (proxy.userName !== undefined) {
      stdout.line(t(`cli.network.password-${proxy.password}`, { user: oneLine(proxy.userName) }));
    }
    if (proxy.exceptions.length > 0) {
      stdout.line(t('cli.network.exceptions', { exceptions: proxy.exceptions.join(', ') }));
    }
  }
  if (certificates === undefined) stdout.line(t('cli.network.no-certificates'));
  else {
    stdout.line(t('cli.network.certificates', { file: oneLine(certificates.file, 400) }));
    for (const { subject, expiresAt } of certificates.found) {
      const date = new Date(expiresAt).toISOString().slice(0, 10);
      stdout.line(`  ${t('cli.network.certificate', { subject: oneLine(subject), date })}`);
    }
    if (certificates.problem !== undefined) stdout.line(describeError(certificates.problem, t));
  }
  return EXIT.ok;
}
