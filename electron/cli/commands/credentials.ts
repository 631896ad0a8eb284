import { MAX_SECRET_BYTES } from '../../../shared/contract/methods.ts';
import { defined } from '../../../shared/defined.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { Translate } from '../../../shared/i18n/translate.ts';
import {
  accountSchema,
  type CredentialView,
  type Scope,
  variableNameSchema,
} from '../../../shared/model/credential.ts';
import { parseScope } from '../arguments/scope.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { terminalJson } from '../terminal/output.ts';
import { readAll, readHidden, withoutFinalBreak } from '../terminal/read-input.ts';
import { type Cell, writeTable } from '../terminal/table.ts';
import { UsageError } from '../usage-error.ts';
import { findProvider } from '../values.ts';
import { settlePasted, tellFindings } from './pasted.ts';

/**
 * The value comes from stdin: an argument would end up in the shell's history and in the process list that every user
 * can read.
 */
export const credentialsSet: Command = async (context) => {
  const { values, operands, stdout, t, openCore } = context;
  const [scope, variable, account] = [scopeOf(context), variableOf(context), accountOf(context)];
  const expiresAt = endOf(context);
  const sessionOnly = values['session-only'] === true;
  const { client, hosted } = await openCore();
  const { provider, providers } = await findProvider(client, operands[0] ?? '');
  if (sessionOnly && hosted) throw new UsageError('session-only-without-app');
  const given = await readSecret(context, provider.name);
  const settled = given === null ? null : await settlePasted(context, given, { provider, providers, variable });
  if (settled === null) return EXIT.failed;
  const { value, findings } = settled;
  const result = await client.call('credentials.set', {
    providerId: provider.providerId,
    ...defined({ variable }),
    scope,
    ...defined({ account }),
    value,
    storage: sessionOnly ? 'session-only' : 'keychain',
    ...defined({ expiresAt }),
  });
  if (values.json === true) stdout.line(terminalJson({ ...result, findings }));
  else
    stdout.line(t(result.replaced ? 'cli.credentials.replaced' : 'cli.credentials.stored', told(result.credential, t)));
  tellFindings(context, findings);
  return EXIT.ok;
};

export const credentialsList: Command = async (context) => {
  const { values, operands, stdout, t, openCore } = context;
  const only = values.scope === undefined ? undefined : scopeKey(scopeOf(context));
  const { client } = await openCore();
  const [providerId] = operands;
  if (providerId !== undefined) await findProvider(client, providerId);
  const all = (await client.call('credentials.list', {})).credentials;
  const credentials = all.filter(
    (credential) =>
      (providerId === undefined || credential.providerId === providerId) &&
      (only === undefined || scopeKey(credential.scope) === only),
  );
  if (values.json === true) stdout.line(terminalJson({ credentials }));
  else if (credentials.length === 0) stdout.line(t('cli.credentials.none'));
  else {
    writeTable(
      stdout,
      ['provider', 'variable', 'scope', 'value', 'storage', 'status'].map((column) => t(`cli.credentials.${column}`)),
      credentials.map((credential) => {
        const { providerId: provider, variable, masked, storage } = credential;
        return [
          provider,
          variable,
          placeInWords(credential, t),
          masked,
          t(`cli.credentials.${storage}`),
          statusCell(credential, t),
        ];
      }),
    );
  }
  return EXIT.ok;
};

function statusCell({ status, renewal }: CredentialView, t: Translate): Cell {
  const text = t(`cli.credentials.${status}`);
  if (status === 'unreadable' || status === 'expired') return { text, style: 'red' };
  if (renewal?.state === 'failed') return { text: t('cli.credentials.renewal-failed'), style: 'yellow' };
  return { text };
}

/** Removes the provider's credential at exactly this scope, and names a wider credential that takes over. */
export const credentialsRemove: Command = async (context) => {
  const { values, operands, stdout, t, openCore } = context;
  const wanted = { scope: scopeOf(context), variable: variableOf(context), account: accountOf(context) };
  const { client } = await openCore();
  const { provider } = await findProvider(client, operands[0] ?? '');
  const { credentials } = await client.call('credentials.list', {});
  const ofProvider = credentials.filter(({ providerId }) => providerId === provider.providerId);
  const meant = ofProvider.filter((credential) => fits(credential, wanted));
  if (meant.length === 0) throw notThere(ofProvider, { provider: provider.name, wanted, t });
  const results = [];
  for (const { credentialId } of meant) {
    const result = await client.call('credentials.remove', { credentialId });
    results.push(result);
    if (values.json === true) continue;
    stdout.line(t('cli.credentials.removed', told(result.removed, t)));
    if (result.nowInEffect !== undefined) stdout.line(t('cli.credentials.now-in-effect', told(result.nowInEffect, t)));
  }
  if (values.json === true) stdout.line(terminalJson({ results }));
  return EXIT.ok;
};

interface Wanted {
  readonly scope: Scope;
  readonly variable: string | undefined;
  readonly account: string | undefined;
}

/** Without a name the command means the account without a name; a named account answers only to its name. */
function fits(credential: CredentialView, { scope, variable, account }: Wanted): boolean {
  if (variable !== undefined && credential.variable !== variable) return false;
  return credential.account === account && scopeKey(credential.scope) === scopeKey(scope);
}

function notThere(
  others: readonly CredentialView[],
  { provider, wanted, t }: { provider: string; wanted: Wanted; t: Translate },
): PerchError {
  const { scope, account, variable } = wanted;
  const place = placeInWords({ scope, ...defined({ account }) }, t);
  const wantedPlace = variable === undefined ? place : `${variable} (${place})`;
  const places = others.map((other) => `${other.variable} (${placeInWords(other, t)})`).join('; ');
  return new PerchError('CREDENTIAL_NOT_FOUND', {
    provider,
    scope: wantedPlace,
    places: places === '' ? t('cli.credentials.nowhere') : places,
  });
}

export function scopeOf({ values, cwd }: Context): Scope {
  const scope = parseScope(values.scope ?? 'global', cwd);
  if (scope === undefined) throw new UsageError('scope');
  return scope;
}

function variableOf({ values: { variable } }: Context): string | undefined {
  // A secret may have landed here: it is not repeated.
  if (variable !== undefined && !variableNameSchema.safeParse(variable).success) throw new UsageError('variable');
  return variable;
}

export function accountOf({ values: { account } }: Pick<Context, 'values'>): string | undefined {
  if (account === undefined) return undefined;
  // A secret may have landed here: it is not repeated.
  const parsed = accountSchema.safeParse(account);
  if (!parsed.success) throw new UsageError('account');
  return parsed.data;
}

function endOf({ values: { expires } }: Context): number | undefined {
  if (expires === undefined) return undefined;
  const at = Date.parse(expires);
  if (Number.isNaN(at) || at < 0) throw new UsageError('expires');
  return at;
}

async function readSecret({ stdin, stderr, t }: Context, provider: string): Promise<string | null> {
  if (stdin.isTTY) return await readHidden(stdin, stderr, `${t('cli.credentials.prompt', { provider })} `);
  const value = withoutFinalBreak(await readAll(stdin, MAX_SECRET_BYTES + 2));
  const bytes = Buffer.byteLength(value);
  if (bytes > MAX_SECRET_BYTES) throw new PerchError('CREDENTIAL_TOO_LARGE', { bytes, maxBytes: MAX_SECRET_BYTES });
  return value;
}

/** The scope in the form that `--scope` takes. */
export function scopeKey(scope: Scope): string {
  if (scope.kind === 'project') return `project:${scope.projectDir}`;
  return scope.kind === 'agent' ? `agent:${scope.agentId}` : 'global';
}

/** The scope, and the account's name where it has one. */
export function placeInWords({ scope, account }: Pick<CredentialView, 'scope' | 'account'>, t: Translate): string {
  const words = scopeInWords(scope, t);
  return account === undefined ? words : t('cli.credentials.place', { scope: words, account });
}

export function scopeInWords(scope: Scope, t: Translate): string {
  if (scope.kind === 'project') return t('cli.scope.project', { directory: scope.projectDir });
  return scope.kind === 'agent' ? t('cli.scope.agent', { agentId: scope.agentId }) : t('cli.scope.global');
}

export function told({ variable, providerId, scope, account, masked, storage }: CredentialView, t: Translate) {
  return {
    variable,
    providerId,
    masked,
    scope: placeInWords({ scope, account }, t),
    storage: t(`cli.credentials.${storage}`),
  };
}
