import { type PermissionDetails, permissionDetailsSchema } from '../../../../shared/model/run-event.ts';

/** UTF-16 units of all text in a request: an event stays well under what the connection to the core takes. */
const MAX_DETAIL_CHARS = 4_000_000;
/** Records in records; deeper ones are shown by no one, and could exhaust the stack of whoever reads them. */
const MAX_DEPTH = 64;
/** Values in lists and records: numbers and empty ones take room as well. */
const MAX_VALUES = 200_000;

type Raw = Omit<PermissionDetails, 'input' | 'other' | 'omittedChars'> & {
  readonly input?: unknown;
  readonly other: Readonly<Record<string, unknown>>;
};

/**
 * Texts that do not fit are left out whole, and counted: half of a secret would not be recognised and masked.
 * @throws nothing: what came over JSON fits the schema
 */
export function bounded({ input, other, ...known }: Raw): PermissionDetails {
  let left = MAX_DETAIL_CHARS;
  let values = MAX_VALUES;
  let omittedChars = 0;
  const text = (value: string): string => {
    if (value.length <= left) {
      left -= value.length;
      return value;
    }
    omittedChars += value.length;
    return '';
  };
  const keep = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') return text(value);
    if (typeof value !== 'object' || value === null) return value;
    values -= Object.keys(value).length;
    if (depth >= MAX_DEPTH || values < 0) {
      // How much it is cannot be told without walking through it.
      omittedChars += 1;
      return null;
    }
    if (Array.isArray(value)) return value.map((item) => keep(item, depth + 1));
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [text(name), keep(item, depth + 1)]));
  };
  const content = known.content.map((part) => {
    if (part.kind === 'text') return { ...part, text: text(part.text) };
    if (part.kind === 'terminal') return part;
    const { oldText } = part;
    return { ...part, newText: text(part.newText), oldText: oldText === null ? null : text(oldText) };
  });
  const details = {
    ...known,
    content,
    ...(input === undefined ? {} : { input: keep(input, 0) }),
    ...(Object.keys(other).length === 0 ? {} : { other: keep(other, 0) }),
  };
  return permissionDetailsSchema.parse(omittedChars === 0 ? details : { ...details, omittedChars });
}
