import { defined } from '../../../shared/defined.ts';
import { type AgentSettings, SETTING_LIMITS } from '../../../shared/model/agent.ts';
import {
  type AgentAuth,
  type AgentAuthPatch,
  type AuthMode,
  agentAuthPatchSchema,
} from '../../../shared/model/auth.ts';
import { PERMISSION_MODES, type PermissionMode } from '../../../shared/model/permission-mode.ts';
import { UsageError } from '../usage-error.ts';

/** Names as the user types them: `mode=managed`, `models=a,b`. The names stay, because scripts depend on them. */
const SETTING_NAMES = [
  'mode',
  'model',
  'provider',
  'gateway',
  'models',
  'sandbox',
  'secret-files',
  'permission-mode',
  'max-minutes',
  'max-tool-calls',
  'instructions',
] as const;
/** `managed` and what belongs to it can only fail until its gateway exists: they are understood, and not proposed. */
const PROPOSED_NAMES = SETTING_NAMES.filter((name) => !['mode', 'gateway', 'models'].includes(name));
export type SettingName = (typeof SETTING_NAMES)[number];

type Typed = Partial<Record<SettingName, string>>;

interface SettingsPatch {
  auth?: AgentAuthPatch;
  sandbox?: AgentSettings['sandbox'];
  secretFiles?: NonNullable<AgentSettings['secretFiles']>;
  permissionMode?: PermissionMode | null;
  maxMinutes?: number | null;
  maxToolCalls?: number | null;
  instructions?: string | null;
}

/** @throws UsageError */
export function settingName(text: string): SettingName {
  const name = SETTING_NAMES.find((one) => one === text);
  if (name === undefined)
    throw new UsageError('setting', { name: text.slice(0, 40), known: PROPOSED_NAMES.join(', ') });
  return name;
}

/** The change that `NAME=VALUE` operands ask for, on top of the agent's present auth. @throws UsageError */
export function settingsPatch(operands: readonly string[], current: AgentAuth): SettingsPatch {
  const typed: Typed = {};
  for (const operand of operands) {
    const at = operand.indexOf('=');
    if (at === -1) throw new UsageError('setting-without-value', { operand: operand.slice(0, 40) });
    typed[settingName(operand.slice(0, at))] = operand.slice(at + 1).trim();
  }
  const { sandbox, 'secret-files': secretFiles, instructions, 'permission-mode': permissionMode } = typed;
  const auth = authPatch(typed, current);
  return {
    ...defined({ auth }),
    ...(sandbox === undefined ? {} : { sandbox: oneOf('sandbox', sandbox, ['on', 'off']) }),
    ...(secretFiles === undefined ? {} : { secretFiles: oneOf('secret-files', secretFiles, ['hidden', 'shown']) }),
    ...(permissionMode === undefined
      ? {}
      : { permissionMode: permissionMode === '' ? null : oneOf('permission-mode', permissionMode, PERMISSION_MODES) }),
    ...(typed['max-minutes'] === undefined
      ? {}
      : { maxMinutes: numberOf('max-minutes', typed['max-minutes'], SETTING_LIMITS.maxMinutes) }),
    ...(typed['max-tool-calls'] === undefined
      ? {}
      : { maxToolCalls: numberOf('max-tool-calls', typed['max-tool-calls'], SETTING_LIMITS.maxToolCalls) }),
    ...(instructions === undefined
      ? {}
      : { instructions: textOf('instructions', instructions, SETTING_LIMITS.instructions) }),
  };
}

function authPatch(typed: Typed, current: AgentAuth): AgentAuthPatch | undefined {
  const { model, provider, gateway, models } = typed;
  if ([typed.mode, model, provider, gateway, models].every((value) => value === undefined)) return undefined;
  const mode = typed.mode === undefined ? current.mode : modeOf(typed.mode);
  return mode === 'byo' ? byoPatch(typed) : managedPatch(typed, current);
}

function modeOf(text: string): AuthMode {
  return text === 'managed' ? text : oneOf('mode', text, ['byo']);
}

function byoPatch({ model, provider, gateway, models }: Typed): AgentAuthPatch {
  if (gateway !== undefined || models !== undefined) throw new UsageError('setting-of-managed');
  return checked({
    mode: 'byo',
    ...defined({ model }),
    ...(provider === undefined ? {} : { providerId: provider === '' ? null : provider }),
  });
}

/** A value that is not named stays as long as the mode stays. */
function managedPatch({ model, provider, gateway, models }: Typed, current: AgentAuth): AgentAuthPatch {
  if (model !== undefined || provider !== undefined) throw new UsageError('setting-of-byo');
  const allowedModels = models?.split(',').map((one) => one.trim()) ?? current.allowedModels;
  const target = gateway === undefined ? current.gateway : { providerId: gateway };
  if (target === undefined || allowedModels === undefined) throw new UsageError('managed-needs');
  return checked({ mode: 'managed', gateway: target, allowedModels });
}

function checked(patch: object): AgentAuthPatch {
  const parsed = agentAuthPatchSchema.safeParse(patch);
  if (!parsed.success) throw new UsageError('setting-value');
  return parsed.data;
}

/** An empty value takes the limit away. */
function numberOf(name: SettingName, text: string, most: number): number | null {
  if (text === '') return null;
  if (!/^[1-9]\d*$/.test(text) || Number(text) > most)
    throw new UsageError('setting-number', { name, most: String(most) });
  return Number(text);
}

function textOf(name: SettingName, text: string, most: number): string | null {
  if (text.length > most) throw new UsageError('setting-length', { name, most: String(most) });
  return text === '' ? null : text;
}

function oneOf<T extends string>(name: SettingName, value: string, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (found === undefined) throw new UsageError('setting-choice', { name, known: known.join(', ') });
  return found;
}
