import type { Params, Result } from '../../../shared/contract/methods.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { describeErrorWithCode } from '../../../shared/i18n/describe-error.ts';
import { type AgentView, changedSettings } from '../../../shared/model/agent.ts';
import { DEFAULT_PERMISSION_MODE } from '../../../shared/model/permission-mode.ts';
import type { Client } from '../../core/api/client.ts';
import { type SettingName, settingName, settingsPatch } from '../arguments/agent-settings.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { oneLine, terminalJson } from '../terminal/output.ts';
import { writeTable } from '../terminal/table.ts';
import { UsageError } from '../usage-error.ts';
import { agentIn, checkAgentId, findProvider, projectDirOf } from '../values.ts';

export const agentsSettings: Command = async (context) => {
  const { values, stdout, openCore } = context;
  const { client } = await openCore();
  const agent = await findAgent(client, context);
  const { path, bytes } = await client.call('agents.stateFolder', { agentId: agent.agentId, reveal: false });
  if (values.json === true) {
    const { agentId, settings, modes, permissionModes, takesInstructions, effective } = agent;
    const changed = changedSettings(settings);
    stdout.line(
      terminalJson({
        agentId,
        settings,
        changed,
        modes,
        permissionModes,
        takesInstructions,
        effective,
        state: { path, bytes },
      }),
    );
    return EXIT.ok;
  }
  show(context, agent, `${oneLine(path, 200)} (${(bytes / 1e6).toFixed(1)} MB)`);
  return EXIT.ok;
};

/** A mode that the agent lacks is refused: exit 1. One that cannot run yet is kept, and said to be not ready: exit 0. */
export const agentsSettingsSet: Command = async (context) => {
  const { client } = await context.openCore();
  const agent = await findAgent(client, context);
  const settings = settingsPatch(context.operands.slice(1), agent.settings.auth);
  const { auth } = settings;
  const providerId = auth?.mode === 'managed' ? auth.gateway.providerId : auth?.providerId;
  if (typeof providerId === 'string') await findProvider(client, providerId);
  return tell(context, await client.call('agents.configure', { agentId: agent.agentId, settings }));
};

/** Resets the named settings at once; resets all of them only after a list and a question, or with `--yes`. */
export const agentsSettingsReset: Command = async (context) => {
  const { values, stdin, stdout, t, openCore } = context;
  const names = context.operands.slice(1).map(settingName);
  const { client } = await openCore();
  const agent = await findAgent(client, context);
  if (names.length > 0) return tell(context, await resetNamed(client, agent, names));
  const changed = changedSettings(agent.settings);
  const [json, yes] = [values.json === true, values.yes === true];
  if (changed.length === 0 || (json && !yes)) {
    if (json) stdout.line(terminalJson({ agent, changed, reset: changed.length === 0 }));
    else stdout.line(t('cli.settings.nothing-to-reset', { agent: agent.name }));
    return EXIT.ok;
  }
  if (!json) show(context, agent);
  if (!yes && !stdin.isTTY) throw new UsageError('settings-needs-yes');
  if (!yes && !(await ask(context))) {
    stdout.line(t('cli.settings.not-reset'));
    return EXIT.failed;
  }
  return tell(context, await client.call('agents.resetSettings', { agentId: agent.agentId }));
};

async function resetNamed(
  client: Client,
  { agentId, settings }: AgentView,
  names: readonly SettingName[],
): Promise<Result<'agents.configure'>> {
  const { mode } = settings.auth;
  // A mode does not work without these; what resets them is another mode.
  if (names.some((name) => name === 'gateway' || name === 'models')) throw new UsageError('managed-needs');
  const keys = new Set(names.map((name) => KEYS[name]));
  const ofByo = names.filter((name) => name === 'model' || name === 'provider');
  if (ofByo.length > 0 && !names.includes('mode')) {
    if (mode === 'managed') throw new UsageError('setting-of-byo');
    const auth: Params<'agents.configure'>['settings']['auth'] = {
      mode,
      ...(ofByo.includes('model') ? { model: '' } : {}),
      ...(ofByo.includes('provider') ? { providerId: null } : {}),
    };
    keys.delete('auth');
    const configured = await client.call('agents.configure', { agentId, settings: { auth } });
    if (keys.size === 0) return configured;
  }
  return client.call('agents.resetSettings', { agentId, names: [...keys] });
}

const KEYS = {
  mode: 'auth',
  model: 'auth',
  provider: 'auth',
  gateway: 'auth',
  models: 'auth',
  sandbox: 'sandbox',
  'secret-files': 'secretFiles',
  'permission-mode': 'permissionMode',
  'max-minutes': 'maxMinutes',
  'max-tool-calls': 'maxToolCalls',
  instructions: 'instructions',
} as const satisfies Record<SettingName, keyof AgentView['settings']>;

function tell({ values, stdout, stderr, t }: Context, { agent, cleared = [] }: Result<'agents.configure'>): number {
  if (values.json === true) {
    stdout.line(terminalJson({ agent, cleared }));
    return EXIT.ok;
  }
  stdout.line(t('cli.settings.saved', { agent: agent.name }));
  if (cleared.length > 0) stdout.line(t('cli.settings.cleared', { models: oneLine(cleared.join(', '), 300) }));
  const { readiness } = agent;
  if (readiness.state === 'not-ready') stderr.line(stderr.style('yellow', describeErrorWithCode(readiness.error, t)));
  return EXIT.ok;
}

function show(context: Context, { settings, modes, permissionModes }: AgentView, state?: string): void {
  const { stdout, t } = context;
  const { auth, accounts = {}, sandbox, secretFiles = 'hidden' } = settings;
  const byDefault = t('cli.settings.default');
  const rows: [name: string, value: string][] = [
    ['mode', `${auth.mode} (${t('cli.settings.of', { modes: modes.join(', ') })})`],
    ...(auth.mode === 'byo'
      ? ([
          ['model', auth.model || byDefault],
          ['provider', auth.providerId ?? byDefault],
        ] as [string, string][])
      : ([
          ['gateway', auth.gateway.providerId],
          ['models', auth.allowedModels.join(', ')],
        ] as [string, string][])),
    ...Object.entries(accounts).map(([providerId, account]): [string, string] => [`account ${providerId}`, account]),
    ['sandbox', sandbox],
    ['secret-files', secretFiles],
    [
      'permission-mode',
      `${settings.permissionMode ?? DEFAULT_PERMISSION_MODE} (${t('cli.settings.of', { modes: permissionModes.join(', ') })})`,
    ],
    ['max-minutes', String(settings.maxMinutes ?? '-')],
    ['max-tool-calls', String(settings.maxToolCalls ?? '-')],
    ['instructions', settings.instructions ?? '-'],
    ...(state === undefined ? [] : [['state', state] as [string, string]]),
  ];
  writeTable(
    stdout,
    ['name', 'value'].map((column) => t(`cli.settings.${column}`)),
    rows.map(([name, value]) => [{ text: name, style: 'bold' }, oneLine(value, 200)]),
  );
}

/**
 * @throws PerchError AGENT_UNKNOWN, DECLARED_READ_ONLY: the settings of a declared agent change in its folder's file
 */
async function findAgent(client: Client, context: Context): Promise<AgentView> {
  const [agentId = ''] = context.operands;
  await checkAgentId(client, agentId);
  const { agents } = await client.call('agents.list', { projectDir: projectDirOf(context) });
  const agent = agentIn(agents, agentId);
  if (agent.origin?.kind === 'declared') throw new PerchError('DECLARED_READ_ONLY', { file: agent.origin.file });
  return agent;
}

async function ask({ t, askLine }: Context): Promise<boolean> {
  const { signal } = new AbortController(); // Ctrl+C ends the command itself
  const typed = await askLine(`${t('cli.settings.ask', { word: 'reset' })} `, signal);
  return typed?.trim().toLowerCase() === 'reset';
}
