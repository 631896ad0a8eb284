import { z } from 'zod';
import { agentSettingNameSchema, agentSettingsSchema, agentViewSchema } from '../../model/agent.ts';
import { agentAuthPatchSchema } from '../../model/auth.ts';
import { accountSchema } from '../../model/credential.ts';
import { agentIdSchema, directorySchema, modelSchema, providerIdSchema } from '../../model/ids.ts';
import { liveModelsSchema } from '../../model/live-models.ts';
import { installJobSchema } from '../../model/programs.ts';
import { method, nothing } from './method.ts';

/** A version or tag, and nothing that npm would take for a place to fetch from. */
const packageVersionSchema = z.string().regex(/^[0-9A-Za-z][0-9A-Za-z.+-]{0,63}$/);

/** Agents and their settings. */
export const agentsMethods = {
  'agents.list': method(
    z.object({ projectDir: directorySchema.optional() }),
    z.object({ agents: z.array(agentViewSchema) }),
  ),
  /** Looks for the agents again, the project's own included; answers when the look is over. */
  'agents.refresh': method(
    z.object({ projectDir: directorySchema.optional() }),
    z.object({ agents: z.array(agentViewSchema) }),
  ),
  'agents.select': method(z.object({ agentId: agentIdSchema }), nothing),
  /**
   * Absent keys stay as they are; a null one goes back to what it is without one. Another mode clears what the one before
   * had: `cleared` names the ids of models that went.
   */
  'agents.configure': method(
    z.object({
      agentId: agentIdSchema,
      /** Where it is declared, if it is. */
      projectDir: directorySchema.optional(),
      settings: agentSettingsSchema
        .omit({
          auth: true,
          accounts: true,
          program: true,
          permissionMode: true,
          maxMinutes: true,
          maxToolCalls: true,
          instructions: true,
        })
        .partial()
        .extend({
          auth: agentAuthPatchSchema.optional(),
          program: agentSettingsSchema.shape.program.unwrap().nullable().optional(),
          accounts: z.record(providerIdSchema, accountSchema.nullable()).optional(),
          permissionMode: agentSettingsSchema.shape.permissionMode.unwrap().nullable().optional(),
          maxMinutes: agentSettingsSchema.shape.maxMinutes.unwrap().nullable().optional(),
          maxToolCalls: agentSettingsSchema.shape.maxToolCalls.unwrap().nullable().optional(),
          instructions: agentSettingsSchema.shape.instructions.unwrap().nullable().optional(),
        }),
    }),
    z.object({ agent: agentViewSchema, cleared: z.array(z.string()).optional() }),
  ),
  /** Back to the defaults: those that are named, or all, also what was not understood. `cleared` as above. */
  'agents.resetSettings': method(
    z.object({ agentId: agentIdSchema, names: z.array(agentSettingNameSchema).min(1).optional() }),
    z.object({ agent: agentViewSchema, cleared: z.array(z.string()).optional() }),
  ),
  /** The models of the agent's turns, the last used first; at most eight. */
  'agents.recentModels': method(
    z.object({ agentId: agentIdSchema, projectDir: directorySchema.optional() }),
    z.object({ models: z.array(z.object({ model: modelSchema, providerId: providerIdSchema.optional() })) }),
  ),
  /** The models that the agent's provider lists itself. A list is good for five minutes, unless `fresh`. */
  'agents.liveModels': method(
    z.object({ agentId: agentIdSchema, projectDir: directorySchema.optional(), fresh: z.boolean().optional() }),
    z.object({ live: liveModelsSchema }),
  ),
  /** The agent's own folder, its HOME; `reveal` also shows it in the file manager, and `revealed` says whether it did. */
  'agents.stateFolder': method(
    z.object({ agentId: agentIdSchema, reveal: z.boolean() }),
    z.object({ path: z.string(), bytes: z.number().int().nonnegative(), revealed: z.boolean() }),
  ),
  /**
   * Empties it: the agent's own login, its memory and its caches go. SESSION_BUSY while a turn of it runs,
   * LOGIN_STILL_RUNS while it signs in. Answers how many bytes went.
   */
  'agents.clearState': method(
    z.object({ agentId: agentIdSchema }),
    z.object({ bytes: z.number().int().nonnegative() }),
  ),
  /**
   * Installs an agent into Perch's own folder. Answers once it has begun; the slice `programs` tells how it goes on.
   * `version`: exact, or a tag of the registry; absent: the one that was tried with Perch.
   */
  'agents.install': method(
    z.object({ agentId: agentIdSchema, version: packageVersionSchema.optional() }),
    z.object({ job: installJobSchema }),
  ),
  /** Answers when nothing of it is left. */
  'agents.cancelInstall': method(z.object({ agentId: agentIdSchema }), nothing),
  /** Takes away what Perch installed; the agent's state and settings stay. */
  'agents.uninstall': method(z.object({ agentId: agentIdSchema }), z.object({ agent: agentViewSchema })),
} as const;
