import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { providerIdSchema } from '../../../shared/model/ids.ts';
import { type ProviderFile, providerFileSchema } from './schema.ts';

/** The providers that most people come with; the others follow by name. */
const FIRST = ['anthropic', 'openai', 'google', 'openrouter'];

/**
 * Reads `providers/*.json` of the resources folder, in the order in which they are shown.
 * @throws Error naming the file and the place in it: a broken installation, not something a user did
 */
export function loadProviders(resourcesDir: string): ReadonlyMap<string, ProviderFile> {
  const folder = join(resourcesDir, 'providers');
  const providers = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => [idOf(join(folder, file), file), read(join(folder, file))] as const)
    .sort(([a, { name: nameA }], [b, { name: nameB }]) => rank(a) - rank(b) || nameA.localeCompare(nameB, 'en'));
  return new Map(providers);
}

function idOf(path: string, file: string): string {
  const id = providerIdSchema.safeParse(file.slice(0, -'.json'.length));
  if (!id.success) throw new Error(`${path} does not have the name of a provider: lower-case words with hyphens`);
  return id.data;
}

function read(path: string): ProviderFile {
  const parsed = providerFileSchema.safeParse(parse(path));
  if (!parsed.success) throw new Error(`${path} does not describe a provider: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path} cannot be read as JSON`, { cause: error });
  }
}

function rank(id: string): number {
  const place = FIRST.indexOf(id);
  return place === -1 ? FIRST.length : place;
}
