import type { PermissionDetails } from '../model/run-event.ts';
import { type PartName, partOf } from './labels.ts';

/** Parts that say something about an action without saying which it is. */
const AROUND: readonly PartName[] = ['cwd', 'description', 'justification', 'rule'];
/** What happens to a file is told by its path and these kinds of ACP alone. */
const TOLD_BY_A_PATH = ['read', 'delete', 'search'];

/** Does the request tell more than a title: the command, the change, the address? */
export function tellsWhat({ content, input, other = {}, locations, toolKind = 'other' }: PermissionDetails): boolean {
  if (content.some((part) => part.kind === 'diff' || (part.kind === 'text' && part.text.trim() !== ''))) return true;
  if (saysSomething(input)) return true;
  if (Object.keys(other).some((place) => !place.endsWith('_meta') && !place.startsWith('options'))) return true;
  return locations.length > 0 && TOLD_BY_A_PATH.includes(toolKind);
}

function saysSomething(input: PermissionDetails['input']): boolean {
  if (input === null || input === undefined) return false;
  if (typeof input !== 'object') return String(input).trim() !== '';
  if (Array.isArray(input)) return input.length > 0;
  return Object.entries(input).some(([field, value]) => {
    const part = partOf(field);
    return !(part !== undefined && AROUND.includes(part)) && !isEmpty(value);
  });
}

/** Null, or text, a list or a record without anything in it. */
function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === 'string') return value.trim() === '';
  return typeof value === 'object' && Object.keys(value).length === 0;
}
