import { defined } from '../../../../shared/defined.ts';
import type { PermissionDetails, PermissionOption } from '../../../../shared/model/run-event.ts';
import { permissionOptionSchema } from '../../../../shared/model/run-event.ts';
import { bounded } from './bounded-details.ts';

/** A `session/request_permission`, read leniently: whatever an agent sends is shown, not answered with an error. */
export interface AskedPermission {
  readonly toolCallId: string;
  readonly title: string;
  readonly options: PermissionOption[];
  readonly details: PermissionDetails;
}

export type Fields = Readonly<Record<string, unknown>>;
type Other = Record<string, unknown>;

/** Names of the protocol, about which a person does not decide. */
const SILENT = ['sessionId', 'toolCallId', 'status', 'sessionUpdate'];
const TOLD_ELSEWHERE = ['title', 'kind', 'name', 'content', 'locations', 'rawInput', 'toolCall', 'options'];

/** `earlier` is what the agent has said of the same tool call: a request may lack it, and is joined with it. */
export function readPermissionRequest(params: unknown, earlierOf: (toolCallId: string) => Fields): AskedPermission {
  const request = isFields(params) ? params : {};
  const asked = isFields(request.toolCall) ? request.toolCall : {};
  const toolCallId = textOf(asked.toolCallId) ?? '';
  const call = joined(earlierOf(toolCallId), asked);
  const other: Other = {};
  keepRest(other, '', request);
  if (!isFields(request.toolCall) && !lacks(request.toolCall)) other.toolCall = request.toolCall;
  keepRest(other, 'toolCall.', call);
  const options = readOptions(request.options, other);
  const toolKind = textOf(call.kind);
  const toolName = textOf(call.name);
  const details = bounded({
    ...defined({ toolKind, toolName }),
    content: readContent(call.content, other),
    locations: readLocations(call.locations, other),
    ...(lacks(call.rawInput) ? {} : { input: call.rawInput }),
    other,
  });
  return {
    toolCallId,
    title: textOf(call.title) ?? toolCallId,
    options,
    details,
  };
}

/**
 * The request's own words come first; where it lacks a field, the earlier one counts. Fields of an input join
 * one by one.
 */
export function joined(earlier: Fields, later: Fields): Fields {
  const own = Object.entries(later).filter(([, value]) => !lacks(value));
  const call = { ...earlier, ...Object.fromEntries(own) };
  const [before, now] = [earlier.rawInput, later.rawInput];
  return isFields(before) && isFields(now) ? { ...call, rawInput: { ...before, ...now } } : call;
}

function readContent(content: unknown, other: Other): PermissionDetails['content'] {
  if (!Array.isArray(content)) {
    if (!lacks(content)) other.content = content;
    return [];
  }
  return content.flatMap((part: unknown, index): PermissionDetails['content'] => {
    const place = `content[${index}]`;
    if (!isFields(part)) {
      if (!lacks(part)) other[place] = part;
      return [];
    }
    if (part.type === 'diff' && typeof part.newText === 'string') {
      keepRest(other, `${place}.`, part, ['type', 'path', 'oldText', 'newText']);
      return [
        { kind: 'diff', path: textOf(part.path) ?? '', oldText: textOf(part.oldText) ?? null, newText: part.newText },
      ];
    }
    const block = isFields(part.content) ? part.content : {};
    if (part.type === 'content' && block.type === 'text' && typeof block.text === 'string') {
      keepRest(other, `${place}.`, part, ['type', 'content']);
      keepRest(other, `${place}.content.`, block, ['type', 'text']);
      return [{ kind: 'text', text: block.text }];
    }
    // No terminal is lent to an agent: what runs in one of its own is in the input.
    if (part.type === 'terminal' && typeof part.terminalId === 'string') {
      keepRest(other, `${place}.`, part, ['type', 'terminalId']);
      return [{ kind: 'terminal', terminalId: part.terminalId }];
    }
    other[place] = part;
    return [];
  });
}

function readLocations(locations: unknown, other: Other): PermissionDetails['locations'] {
  if (!Array.isArray(locations)) {
    if (!lacks(locations)) other.locations = locations;
    return [];
  }
  return locations.flatMap((location: unknown, index): PermissionDetails['locations'] => {
    if (!isFields(location) || typeof location.path !== 'string') {
      other[`locations[${index}]`] = location;
      return [];
    }
    const { path, line } = location;
    keepRest(other, `locations[${index}].`, location, ['path', ...(Number.isInteger(line) ? ['line'] : [])]);
    return [Number.isInteger(line) ? { path, line: line as number } : { path }];
  });
}

/** An option without an id cannot be answered with; what else it says stays readable. */
function readOptions(options: unknown, other: Other): PermissionOption[] {
  if (!Array.isArray(options)) {
    if (!lacks(options)) other.options = options;
    return [];
  }
  return options.flatMap((option: unknown, index): PermissionOption[] => {
    const place = `options[${index}]`;
    if (!isFields(option) || typeof option.optionId !== 'string') {
      other[place] = option;
      return [];
    }
    const kind = permissionOptionSchema.shape.kind.safeParse(option.kind);
    const known = ['optionId', 'name', ...(kind.success ? ['kind'] : [])];
    keepRest(other, `${place}.`, option, known);
    return [{ optionId: option.optionId, name: textOf(option.name) ?? option.optionId, kind: kind.data ?? 'other' }];
  });
}

function keepRest(other: Other, place: string, from: Fields, told: readonly string[] = TOLD_ELSEWHERE): void {
  for (const [name, value] of Object.entries(from)) {
    if (!told.includes(name) && !SILENT.includes(name) && !lacks(value)) other[`${place}${name}`] = value;
  }
}

function lacks(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
