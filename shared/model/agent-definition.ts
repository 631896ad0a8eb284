import { z } from 'zod';
import { variableNameSchema } from './credential.ts';
import { agentIdSchema, modelSchema, providerIdSchema } from './ids.ts';
import { MAX_VARIABLE_BYTES } from './variable.ts';

/** A program and its arguments, as they are started: no shell is between. */
export const commandSchema = z.array(z.string().min(1).max(4096)).min(1).max(64);

/** A package of npm in its exact version. */
const npmPackageNameSchema = z
  .string()
  .regex(/^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/)
  .max(214);
const exactVersionSchema = z
  .string()
  .regex(/^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/)
  .max(64);

/**
 * The kinds of custom agents. `program`: any program that speaks the Agent Client Protocol on its standard input and
 * output; `node` is Perch's own Node. `terminal`: any program at all, in a terminal of its own. `variant`: an agent
 * that Perch brings along, under other settings. `package`: a package that Perch installs from the registry and runs by
 * the package's own command.
 */
const agentRunsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('program'), command: commandSchema }),
  z.object({ kind: z.literal('terminal'), command: commandSchema }),
  z.object({ kind: z.literal('variant'), of: agentIdSchema }),
  z.object({
    kind: z.literal('package'),
    name: npmPackageNameSchema,
    version: exactVersionSchema,
    args: z.array(z.string().max(4096)).max(64),
  }),
]);
export type AgentRuns = z.infer<typeof agentRunsSchema>;

/** The program and its arguments, of what is neither Perch's nor in a package. */
export function commandOf(runs: AgentRuns): readonly string[] | undefined {
  return runs.kind === 'program' || runs.kind === 'terminal' ? runs.command : undefined;
}

/** The command that the agent runs, on one line. */
export function runsAsText(runs: AgentRuns): string {
  switch (runs.kind) {
    case 'program':
    case 'terminal':
      return runs.command.join(' ');
    case 'variant':
      return runs.of;
    case 'package':
      return [`${runs.name}@${runs.version}`, ...runs.args].join(' ');
  }
}

export const agentNameSchema = z.string().trim().min(1).max(80);
export const agentDescriptionSchema = z.string().trim().max(300);
/** Never secret ones. */
export const plainVariablesSchema = z.record(variableNameSchema, z.string().max(MAX_VARIABLE_BYTES));

/** A custom agent: made in the window, by import, or in a project's file. */
export const agentDefinitionSchema = z.object({
  agentId: agentIdSchema,
  name: agentNameSchema,
  description: agentDescriptionSchema,
  runs: agentRunsSchema,
  /** The provider that answers the model calls. Absent: a variant has its base's provider, a program none. */
  providerId: providerIdSchema.optional(),
  /** Empty: the agent's own default. */
  model: modelSchema,
  variables: plainVariablesSchema,
});
export type AgentDefinition = z.infer<typeof agentDefinitionSchema>;

/** Where an agent comes from, and with it who may change it. Absent in a view: Perch brings it along. */
export const agentOriginSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('user'), definition: agentDefinitionSchema }),
  /** Declared in a project's file, which is the place to change it. */
  z.object({ kind: z.literal('declared'), file: z.string(), definition: agentDefinitionSchema }),
]);
export type AgentOrigin = z.infer<typeof agentOriginSchema>;
