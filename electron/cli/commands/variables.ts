import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { Scope } from '../../../shared/model/credential.ts';
import { MAX_VARIABLE_BYTES, type VariableStorage } from '../../../shared/model/variable.ts';
import type { Client } from '../../core/api/client.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { oneLine, terminalJson } from '../terminal/output.ts';
import { readAll, readHidden, withoutFinalBreak } from '../terminal/read-input.ts';
import { writeTable } from '../terminal/table.ts';
import { UsageError } from '../usage-error.ts';
import { scopeInWords, scopeOf } from './credentials.ts';
import { type Settled, settlePasted, tellFindings } from './pasted.ts';

export const variablesList: Command = async (context) => {
  const { values, stdout, t, openCore } = context;
  const scope = values.scope === undefined ? undefined : scopeOf(context);
  const { client } = await openCore();
  const all = (await client.call('variables.list', {})).variables;
  const variables = all.filter((one) => scope === undefined || isSame(one.scope, scope));
  if (values.json === true) stdout.line(terminalJson({ variables }));
  else if (variables.length === 0) stdout.line(t('cli.variables.none'));
  else {
    writeTable(
      stdout,
      ['name', 'value', 'storage', 'scope'].map((column) => t(`cli.variables.${column}`)),
      variables.map(({ name, shown, storage, scope: at }) => [
        { text: name, style: 'bold' },
        oneLine(shown, 60),
        t(`cli.variables.${storage}`),
        scopeInWords(at, t),
      ]),
    );
  }
  return EXIT.ok;
};

export const variablesSet: Command = async (context) => {
  const { values, operands, stdout, t, openCore } = context;
  const [name = '', argument] = operands;
  const scope = scopeOf(context);
  const storage = storageOf(context);
  if (storage !== 'plain' && argument !== undefined) throw new UsageError('secret-argument');
  const { client, hosted } = await openCore();
  if (storage === 'session-only' && hosted) throw new UsageError('session-only-without-app');
  const given = argument ?? (await readValue(context));
  const settled = given === null ? null : await settle(context, client, { name, storage, value: given });
  if (settled === null) return EXIT.failed;
  const { value, findings } = settled;
  const result = await client.call('variables.set', { name, scope, value, storage });
  if (values.json === true) stdout.line(terminalJson({ ...result, findings }));
  else if (result.storedAs === 'credential') {
    const { providerId } = result.credential;
    stdout.line(t('cli.variables.stored-credential', { variable: name, providerId, scope: scopeInWords(scope, t) }));
  } else {
    const key = result.replaced ? 'cli.variables.replaced' : 'cli.variables.stored';
    stdout.line(t(key, { variable: name, scope: scopeInWords(result.variable.scope, t) }));
  }
  tellFindings(context, findings);
  return EXIT.ok;
};

/** Removes the one of that very scope; a wider one that takes over is named. */
export const variablesRemove: Command = async (context) => {
  const { values, operands, stdout, t, openCore } = context;
  const [name = ''] = operands;
  const scope = scopeOf(context);
  const { client } = await openCore();
  const { variables } = await client.call('variables.list', {});
  const meant = variables.find((one) => one.name === name && isSame(one.scope, scope));
  if (meant === undefined) throw new PerchError('VARIABLE_NOT_FOUND');
  const result = await client.call('variables.remove', { variableId: meant.variableId });
  if (values.json === true) stdout.line(terminalJson(result));
  else {
    stdout.line(t('cli.variables.removed', { variable: name, scope: scopeInWords(scope, t) }));
    for (const { scope: wider } of result.takeOver) {
      stdout.line(t('cli.variables.now-in-effect', { variable: name, scope: scopeInWords(wider, t) }));
    }
  }
  return EXIT.ok;
};

/** A plain value has one finding at most: that it is a secret. @throws UsageError */
async function settle(
  context: Context,
  client: Client,
  { name, storage, value }: { name: string; storage: VariableStorage; value: string },
): Promise<Settled | null> {
  const { providers } = await client.call('providers.list', {});
  const provider = providers.find(({ variables = [] }) => variables.some((variable) => variable.name === name));
  if (storage !== 'plain' || provider !== undefined) {
    return await settlePasted(context, value, { provider, providers, variable: name });
  }
  if (context.looksSecret(value)) throw new UsageError('secret-plain');
  return { value, findings: [] };
}

function storageOf({ values }: Context): VariableStorage {
  if (values['session-only'] === true) return 'session-only';
  return values.secret === true ? 'keychain' : 'plain';
}

async function readValue({ stdin, stderr, t }: Context): Promise<string | null> {
  if (stdin.isTTY) return await readHidden(stdin, stderr, `${t('cli.variables.prompt')} `);
  const value = withoutFinalBreak(await readAll(stdin, MAX_VARIABLE_BYTES + 2));
  const bytes = Buffer.byteLength(value);
  if (bytes > MAX_VARIABLE_BYTES) throw new PerchError('VARIABLE_TOO_LARGE', { bytes, maxBytes: MAX_VARIABLE_BYTES });
  return value;
}

function isSame(a: Scope, b: Scope): boolean {
  if (a.kind === 'project') return b.kind === 'project' && a.projectDir === b.projectDir;
  if (a.kind === 'agent') return b.kind === 'agent' && a.agentId === b.agentId;
  return b.kind === 'global';
}
