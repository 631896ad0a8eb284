import { type ListedModel, listedModelSchema } from '../../../../shared/model/live-models.ts';
import type { ModelList } from '../../providers/schema.ts';

/** More than any provider has; what comes after is left out. */
const MAX_MODELS = 5000;

/** The models in a provider's answer, each once, in its order; undefined when it is no such list. Pure. */
export function parseModelList(body: string, shape: Omit<ModelList, 'at'>): ListedModel[] | undefined {
  const entries = entriesOf(body, shape);
  if (entries === undefined) return undefined;
  const models = new Map<string, ListedModel>();
  for (const entry of entries) {
    const model = modelOf(entry, shape);
    if (model !== undefined && !models.has(model.id)) models.set(model.id, model);
    if (models.size === MAX_MODELS) break;
  }
  return [...models.values()];
}

function entriesOf(body: string, { list }: Pick<ModelList, 'list'>): readonly unknown[] | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    // Cut off at the limit, or a page for people: either way no list.
    return undefined;
  }
  const found = list === undefined ? answer : fieldOf(answer, list);
  return Array.isArray(found) ? found : undefined;
}

function modelOf(entry: unknown, { id: idKey, name: nameKey, idPrefix = '', only }: Omit<ModelList, 'at'>) {
  if (only !== undefined && !counts(fieldOf(entry, only.key), only.has)) return undefined;
  const id = fieldOf(entry, idKey);
  const name = nameKey === undefined ? undefined : fieldOf(entry, nameKey);
  if (typeof id !== 'string') return undefined;
  const bare = id.startsWith(idPrefix) ? id.slice(idPrefix.length) : id;
  const named = typeof name === 'string' && name !== '' && name !== bare ? { name: name.slice(0, 256) } : {};
  return listedModelSchema.safeParse({ id: bare, ...named }).data;
}

/** A missing count is no reason to leave a model out. */
function counts(value: unknown, has: string): boolean {
  return value === undefined || value === has || (Array.isArray(value) && value.includes(has));
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
