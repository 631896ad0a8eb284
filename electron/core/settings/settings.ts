import { z } from 'zod';
import type { Params } from '../../../shared/contract/methods.ts';
import {
  type AgentSettingName,
  type AgentSettings,
  agentSettingsSchema,
  DEFAULT_AGENT_SETTINGS,
} from '../../../shared/model/agent.ts';
import {
  DEFAULT_SETTINGS,
  type Settings,
  settingsPatchSchema,
  settingsSchema,
} from '../../../shared/model/settings.ts';
import type { Clock } from '../../node/clock.ts';
import type { Database } from '../storage/database/database.ts';
import { parseJson, readFields } from '../storage/stored-value.ts';
import { insteadOf, patchAuth, storedAuthSchema } from './auth.ts';
import { createSettingsStore } from './settings-store.ts';

/** Absent keys stay as they are, absent providers of `accounts` too; a null account goes back to the derived one. */
type AgentSettingsPatch = Params<'agents.configure'>['settings'];
type SettingsPatch = z.infer<typeof settingsPatchSchema>;

export type SettingsChange =
  | { readonly kind: 'settings' }
  | { readonly kind: 'agent'; readonly agentId: string }
  | { readonly kind: 'provider'; readonly providerId: string };

export interface SettingsService {
  get(): Settings;
  update(patch: SettingsPatch): Settings;
  agent(agentId: string): AgentSettings;
  updateAgent(agentId: string, patch: AgentSettingsPatch): AgentSettings;
  /** Sets these settings back to their defaults. */
  resetAgent(agentId: string, names: readonly AgentSettingName[]): void;
  hasAgent(agentId: string): boolean;
  /** Back to the defaults, what was not understood too. */
  forgetAgent(agentId: string): void;
  /** The next turn has no working directory of the user's. */
  forgetProject(): void;
  /** The user's own endpoints, by provider id. */
  baseUrls(): ReadonlyMap<string, string>;
  setBaseUrl(providerId: string, baseUrl: string): void;
  resetBaseUrl(providerId: string): void;
  /** The user's own OAuth clients, by provider id. */
  loginClients(): ReadonlyMap<string, string>;
  /** Undefined: none of the user's own. */
  setLoginClient(providerId: string, clientId: string | undefined): void;
}

/**
 * Typed settings over the database. A stored value that is not understood counts as its default, is reported
 * once through `onInvalid` (`theme`, `agent.codex.model`, `provider.openai`), and stays stored as it is until the
 * user sets that very thing anew. `onChange` is called after a change is saved, and only when something changed.
 */
export function createSettings(options: {
  database: Database;
  clock: Clock;
  onChange: (change: SettingsChange) => void;
  onInvalid: (key: string) => void;
}): SettingsService {
  const { clock, onChange, onInvalid } = options;
  const store = createSettingsStore(options.database);
  let settings = loadSettings(store.settings(), onInvalid);
  const agents = loadAgents(store.agents(), onInvalid);
  const baseUrls = loadBaseUrls(store.overrides(), onInvalid);
  const loginClients = store.loginClients();

  return {
    get: () => settings,
    update(patch) {
      const changed = changes(settings, settingsPatchSchema.parse(patch));
      if (changed.length === 0) return settings;
      store.writeSettings(changed.map(([key, value]) => [key, JSON.stringify(value)]));
      settings = settingsSchema.parse({ ...settings, ...Object.fromEntries(changed) });
      onChange({ kind: 'settings' });
      return settings;
    },
    agent: (agentId) => agents.get(agentId)?.settings ?? DEFAULT_AGENT_SETTINGS,
    updateAgent(agentId, patch) {
      const before = agents.get(agentId) ?? { raw: {}, settings: DEFAULT_AGENT_SETTINGS };
      const after = patchAgent(before, patch);
      if (JSON.stringify(after) === JSON.stringify(before)) return before.settings;
      store.writeAgent(agentId, JSON.stringify(after.raw));
      agents.set(agentId, after);
      onChange({ kind: 'agent', agentId });
      return after.settings;
    },
    resetAgent(agentId, names) {
      const before = agents.get(agentId);
      if (before === undefined) return;
      const kept = ([name]: [string, unknown]) => !names.some((one) => one === name);
      const raw = Object.fromEntries(Object.entries(before.raw).filter(kept));
      const settings = agentSettingsOf(Object.fromEntries(Object.entries(before.settings).filter(kept)));
      store.writeAgent(agentId, JSON.stringify(raw));
      agents.set(agentId, { raw, settings });
      onChange({ kind: 'agent', agentId });
    },
    hasAgent: (agentId) => agents.has(agentId),
    forgetAgent(agentId) {
      store.removeAgent(agentId);
      if (agents.delete(agentId)) onChange({ kind: 'agent', agentId });
    },
    forgetProject() {
      store.removeSetting('projectDir');
      if (settings.projectDir === undefined) return;
      const { projectDir: _, ...rest } = settings;
      settings = rest;
      onChange({ kind: 'settings' });
    },
    baseUrls: () => new Map(baseUrls),
    setBaseUrl(providerId, baseUrl) {
      if (baseUrls.get(providerId) === baseUrl) return;
      store.writeOverride({ providerId, baseUrl, at: clock.now() });
      baseUrls.set(providerId, baseUrl);
      onChange({ kind: 'provider', providerId });
    },
    resetBaseUrl(providerId) {
      // Also removes an override that was not understood at load: the user asked for the registry's.
      store.removeOverride(providerId);
      if (baseUrls.delete(providerId)) onChange({ kind: 'provider', providerId });
    },
    loginClients: () => new Map(loginClients),
    setLoginClient(providerId, clientId) {
      if (loginClients.get(providerId) === clientId) return;
      if (clientId === undefined) store.removeLoginClient(providerId);
      else store.writeLoginClient(providerId, clientId);
      if (clientId === undefined) loginClients.delete(providerId);
      else loginClients.set(providerId, clientId);
      onChange({ kind: 'provider', providerId });
    },
  };
}

/** An agent's row (`raw`, with fields of other versions) beside the fields that this version reads in it. */
interface AgentRow {
  readonly raw: Readonly<Record<string, unknown>>;
  readonly settings: AgentSettings;
}

const STORED_AGENT = { ...agentSettingsSchema.shape, auth: storedAuthSchema };

function loadSettings(rows: ReadonlyMap<string, string>, onInvalid: (key: string) => void): Settings {
  // A text that is no JSON counts as a value that no schema takes.
  const values = new Map([...rows].map(([key, text]) => [key, parseJson(text)]));
  const { known, problems } = readFields(values, settingsSchema.shape);
  problems.forEach(onInvalid);
  return settingsSchema.parse({ ...DEFAULT_SETTINGS, ...known });
}

function loadAgents(rows: ReadonlyMap<string, string>, onInvalid: (key: string) => void): Map<string, AgentRow> {
  const agents = new Map<string, AgentRow>();
  for (const [agentId, text] of rows) {
    const object = z.record(z.string(), z.unknown()).safeParse(parseJson(text));
    if (!object.success) {
      onInvalid(`agent.${agentId}`);
      continue;
    }
    const { known, problems } = readFields(new Map(Object.entries(object.data)), STORED_AGENT);
    for (const key of problems) onInvalid(`agent.${agentId}.${key}`);
    if (problems.includes('auth')) known.auth = insteadOf(object.data.auth);
    agents.set(agentId, { raw: object.data, settings: agentSettingsOf(known) });
  }
  return agents;
}

function loadBaseUrls(rows: ReadonlyMap<string, string>, onInvalid: (key: string) => void): Map<string, string> {
  const baseUrls = new Map<string, string>();
  for (const [providerId, baseUrl] of rows) {
    if (z.url().safeParse(baseUrl).success) baseUrls.set(providerId, baseUrl);
    else onInvalid(`provider.${providerId}`);
  }
  return baseUrls;
}

function patchAgent(before: AgentRow, patch: AgentSettingsPatch): AgentRow {
  const raw: Record<string, unknown> = { ...before.raw };
  const known: Record<string, unknown> = { ...before.settings };
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    raw[key] = known[key] = value ?? undefined;
  }
  const { auth, accounts } = patch;
  if (auth !== undefined) raw.auth = known.auth = patchAuth(before.settings.auth, auth);
  if (accounts !== undefined) {
    raw.accounts = known.accounts = withoutNulls({ ...before.settings.accounts, ...accounts });
  }
  return { raw, settings: agentSettingsOf(known) };
}

/** Undefined when nothing is left. */
function withoutNulls(values: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  const left = Object.entries(values).filter(([, value]) => value !== null);
  return left.length === 0 ? undefined : Object.fromEntries(left);
}

function agentSettingsOf(known: Readonly<Record<string, unknown>>): AgentSettings {
  return agentSettingsSchema.parse({ ...DEFAULT_AGENT_SETTINGS, ...known });
}

function changes(settings: Settings, patch: SettingsPatch): [string, unknown][] {
  const present: Readonly<Record<string, unknown>> = settings;
  return Object.entries(patch).filter(([key, value]) => value !== undefined && value !== present[key]);
}
