import { z } from 'zod';
import { variableNameSchema } from './credential.ts';
import { mcpInSessionSchema } from './mcp-server.ts';

/** Where a variable of a session comes from. */
const variableSourceSchema = z.enum([
  'base', // the short allow-list
  'perch', // made by Perch for the session: HOME, TMPDIR, …
  'agent', // the agent's description: quiet flags, routing
  'declared', // the project's perch.toml
  'variable', // one of the user's own, plain
  'keychain',
  'session-only',
  'model',
]);
export type VariableSource = z.infer<typeof variableSourceSchema>;

/** A variable of the plan as a client may see it: values of secrets are masked. */
const plannedVariableViewSchema = z.object({
  name: variableNameSchema,
  source: variableSourceSchema,
  /** A message key, with its values, that says why. */
  reason: z.string(),
  secret: z.boolean(),
  /** The value when it is no secret, otherwise masked. */
  shown: z.string(),
});

export const environmentPlanViewSchema = z.object({
  set: z.array(plannedVariableViewSchema),
  /** Names that are taken away from a session that had them. */
  unset: z.array(z.object({ name: z.string(), reason: z.string() })),
  /** Names that were there and are refused. */
  denied: z.array(z.object({ name: z.string(), source: z.string(), reason: z.string() })),
  /** Servers of the Model Context Protocol; absent: none. */
  mcpServers: z.array(mcpInSessionSchema).optional(),
  /** The session uses the agent's own login: absolute paths of the files that hold it. Absent: it does not. */
  login: z.object({ files: z.array(z.string()) }).optional(),
});
export type EnvironmentPlanView = z.infer<typeof environmentPlanViewSchema>;

/** The names that are left out, each name and reason once: a denied name is not listed as removed as well. */
export function leftOutOf({ unset, denied }: Pick<EnvironmentPlanView, 'unset' | 'denied'>): {
  readonly what: 'unset' | 'denied';
  name: string;
  reason: string;
}[] {
  const isDenied = new Set(denied.map(({ name }) => name));
  const all = [
    ...unset.filter(({ name }) => !isDenied.has(name)).map((one) => ({ what: 'unset' as const, ...one })),
    ...denied.map(({ name, reason }) => ({ what: 'denied' as const, name, reason })),
  ];
  return [...new Map(all.map((one) => [`${one.name} ${one.reason}`, one])).values()];
}
