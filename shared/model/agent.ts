import { z } from 'zod';
import { wireErrorSchema } from '../errors/schema.ts';
import { agentOriginSchema } from './agent-definition.ts';
import { agentAuthSchema, authModeSchema } from './auth.ts';
import { accountSchema } from './credential.ts';
import { agentIdSchema, epochMsSchema, modelSchema, providerIdSchema } from './ids.ts';
import { noticeSchema } from './notice.ts';
import { ownLoginViewSchema } from './own-login.ts';
import { permissionModeSchema } from './permission-mode.ts';
import { NETWORK_KINDS } from './sandbox-policy.ts';

const foundProgramSchema = z.object({
  path: z.string(),
  version: z.string().optional(),
  /**
   * `installed`: by Perch, on the user's word. `place`: not on PATH, but where an installer puts programs. `project`:
   * the program comes out of the working directory's own node_modules.
   */
  source: z.enum(['built-in', 'installed', 'path', 'place', 'perch', 'project']),
});

const installationSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('checking') }),
  foundProgramSchema.extend({
    state: z.literal('found'),
    /** Found as well, best first; each can be chosen. */
    others: z.array(foundProgramSchema).optional(),
    /** The one that the user chose is not there any more: another one is used. */
    chosenIsGone: z.string().optional(),
    /** The version is older than this one, the oldest that is known to work. */
    olderThan: z.string().optional(),
  }),
  z.object({
    state: z.literal('missing'),
    /** Absent when only the author of its command knows where the program comes from. */
    installCommand: z.string().optional(),
    /** The program that Perch looked for. */
    program: z.string().optional(),
  }),
  z.object({ state: z.literal('could-not-check'), reason: z.string() }),
]);
export type Installation = z.infer<typeof installationSchema>;

/** How Perch talks with it. `terminal`: not at all, it shows what it has and is typed into. */
export const agentProtocolSchema = z.enum(['acp', 'terminal']);

/** Says whether a turn could start now, by the launch gate's own decision. */
const readinessSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('ready') }),
  z.object({ state: z.literal('checking') }),
  z.object({ state: z.literal('not-ready'), error: wireErrorSchema }),
]);
export type Readiness = z.infer<typeof readinessSchema>;

/** The most of each: minutes, calls, characters. */
export const SETTING_LIMITS = { maxMinutes: 1440, maxToolCalls: 10_000, instructions: 8000 } as const;

export const agentSettingsSchema = z.object({
  auth: agentAuthSchema,
  /** By provider, the account that the user chose for this agent. Where there is none, the one without a name. */
  accounts: z.record(providerIdSchema, accountSchema).optional(),
  /** `off` is the user's explicit choice and is shown the whole time. */
  sandbox: z.enum(['on', 'off']),
  /** Says whether a project's own secrets (`.env`) can be read in the sandbox; absent means hidden. */
  secretFiles: z.enum(['hidden', 'shown']).optional(),
  /** The program that the user chose where several were found; absent: the first of them. */
  program: z.string().min(1).max(4096).optional(),
  /** The permission mode of a turn that asks for none; absent: `ask`. */
  permissionMode: permissionModeSchema.optional(),
  /** After so many a turn is stopped; absent: never. */
  maxMinutes: z.number().int().min(1).max(SETTING_LIMITS.maxMinutes).optional(),
  maxToolCalls: z.number().int().min(1).max(SETTING_LIMITS.maxToolCalls).optional(),
  /** Instructions for the agent, added to every prompt. */
  instructions: z.string().max(SETTING_LIMITS.instructions).optional(),
});
export type AgentSettings = z.infer<typeof agentSettingsSchema>;

export const DEFAULT_AGENT_SETTINGS: AgentSettings = { auth: { mode: 'byo', model: '' }, sandbox: 'on' };

export const agentSettingNameSchema = agentSettingsSchema.keyof();
export type AgentSettingName = z.infer<typeof agentSettingNameSchema>;

/** The settings that are not as they are by default. */
export function changedSettings(settings: AgentSettings): AgentSettingName[] {
  return agentSettingNameSchema.options.filter(
    (name) => JSON.stringify(settings[name]) !== JSON.stringify(DEFAULT_AGENT_SETTINGS[name]),
  );
}

/**
 * Which rule chose the provider: the user's own word, the model's owner or prefix, the only one the agent has, the one
 * that it used before, the only one with a credential, or the gateway.
 */
const providerRuleSchema = z.enum(['setting', 'model', 'only', 'kept', 'credential', 'gateway']);
export type ProviderRule = z.infer<typeof providerRuleSchema>;

export const agentViewSchema = z.object({
  agentId: agentIdSchema,
  name: z.string(),
  description: z.string(),
  /** True for the built-in demo: it is labelled a demo everywhere. */
  demo: z.boolean(),
  /** A program in a terminal; absent: it speaks the Agent Client Protocol. */
  terminal: z.literal(true).optional(),
  /** Absent: Perch brings it along. */
  origin: agentOriginSchema.optional(),
  homepage: z.url().optional(),
  installation: installationSchema,
  /** The installation that Perch offers; absent when there is none. */
  install: z.object({ version: z.string(), packages: z.array(z.string()) }).optional(),
  readiness: readinessSchema,
  /** Why it could not start when the user added it anyway; absent once a session of it started. */
  cannotStart: wireErrorSchema.optional(),
  settings: agentSettingsSchema,
  /** The network of a session that starts now, by the policy that it would have. */
  network: z.enum(NETWORK_KINDS),
  /** The permission modes that the agent can be in. */
  permissionModes: z.array(permissionModeSchema),
  /** False: extra instructions are said before the first prompt of a conversation. */
  takesInstructions: z.boolean(),
  /** A command that the model runs finds the provider's credential in its environment: the agent cannot keep it out. */
  showsCredentialToTools: z.boolean().optional(),
  /** The providers this agent can use; empty for the demo. */
  providerIds: z.array(providerIdSchema),
  /** The modes that can be chosen for it. The mode that is set may be another one, whose turns are refused. */
  modes: z.array(authModeSchema),
  /** Its own tools that reach the web, which `managed` takes from it. */
  webTools: z.array(z.string()).optional(),
  /** The provider, when it can be derived, and the model of a turn started now (empty: the agent's default). */
  effective: z.object({
    mode: authModeSchema,
    providerId: providerIdSchema.optional(),
    /** Absent where no provider could be derived. */
    by: providerRuleSchema.optional(),
    model: modelSchema,
  }),
  /** The other sources that could answer for a session: an exported key, another credential, an own sign-in. */
  conflicts: z.array(noticeSchema).optional(),
  checkedAt: epochMsSchema.optional(),
  /** Absent: the agent has no login of its own that Perch knows. */
  ownLogin: ownLoginViewSchema.optional(),
});
export type AgentView = z.infer<typeof agentViewSchema>;
