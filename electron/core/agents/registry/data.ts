import { join } from 'node:path';
import { z } from 'zod';
import { readSnapshot } from '../../network/snapshots/fetchable-data.ts';

/** A package of npm (`npx`) or PyPI (`uvx`): its name, with or without a version. */
const packageSchema = z.object({
  package: z.string().min(1),
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
});

/** An entry, reduced to what is shown and run. The rest of what the registry says is dropped. */
const registryAgentSchema = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  name: z.string().min(1).max(80),
  version: z.string().max(64),
  description: z.string().max(300).catch(''),
  repository: z
    .url({ protocol: /^https$/ })
    .optional()
    .catch(undefined),
  license: z.string().max(80).optional(),
  distribution: z.object({
    npx: packageSchema.optional(),
    uvx: packageSchema.optional(),
    /** By platform; only that there is one is kept. */
    binary: z
      .record(z.string(), z.unknown())
      .transform((targets) => Object.keys(targets).length > 0)
      .or(z.boolean())
      .optional(),
  }),
});
export type RegistryAgent = z.infer<typeof registryAgentSchema>;

export const registrySchema = z.object({
  source: z.url(),
  /** Where the whole registry is fetched from. */
  api: z.url(),
  licence: z.string(),
  /** The day of the data. */
  date: z.iso.date(),
  origin: z.string(),
  agents: z.array(registryAgentSchema),
});
export type RegistryData = z.infer<typeof registrySchema>;

/** The registry's own format. An entry that is not understood is left out, and the others count. */
export const publishedSchema = z.object({
  agents: z.array(z.unknown()).transform((entries) =>
    entries.flatMap((entry) => {
      const parsed = registryAgentSchema.safeParse(entry);
      return parsed.success ? [parsed.data] : [];
    }),
  ),
});

export function bundledRegistry(resourcesDir: string): string {
  return join(resourcesDir, 'acp-registry', 'registry.json');
}

/** @throws Error naming the file and the place in it */
export function readRegistry(file: string): RegistryData {
  return readSnapshot(file, registrySchema, 'a registry of agents');
}
