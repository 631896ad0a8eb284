import type { z } from 'zod';

/** The value of a stored JSON text; undefined, which no JSON text means, when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Reads an object field by field, so that one broken field costs only itself. `problems` names the fields that
 * were not understood, unknown ones included.
 */
export function readFields(
  fields: ReadonlyMap<string, unknown>,
  shape: Readonly<Record<string, z.ZodType>>,
): { readonly known: Record<string, unknown>; readonly problems: readonly string[] } {
  const known: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [key, value] of fields) {
    const schema = Object.hasOwn(shape, key) ? shape[key] : undefined;
    const parsed = schema?.safeParse(value);
    if (parsed?.success) known[key] = parsed.data;
    else problems.push(key);
  }
  return { known, problems };
}
