import type { PermissionDetails, PermissionRequest } from '../model/run-event.ts';
import { type Answers, answersOf } from './answers.ts';
import { changedLines } from './changed-lines.ts';
import { PARTS, type PartName, partOf } from './labels.ts';
import { type Piece, visiblePieces } from './visible.ts';

/** A line of what is asked; real line breaks part lines, nothing else does. */
export interface ShownLine {
  /** Before the line: `+` and `−` of a diff, the number of an argument; empty on a line that goes on. */
  readonly mark: string;
  readonly pieces: readonly Piece[];
  /** Lines that a change leaves alone, in place of this one. */
  readonly folded?: readonly ShownLine[];
}

export interface PermissionPart {
  /** A part that has a sentence `permission.part.…`, or the agent's own name of it. */
  readonly label: { readonly part: PartName } | { readonly name: readonly Piece[] };
  readonly look: 'code' | 'words' | 'diff';
  /** The path of a diff. */
  readonly path?: readonly Piece[];
  readonly isNewFile?: boolean;
  readonly lines: readonly ShownLine[];
}

/** The action that a person is asked to allow: the same in the window, on a terminal and in a notification. */
export interface PermissionView {
  /** The agent's name for it, a short line; empty where a part says the same. */
  readonly title: readonly Piece[];
  /** The program's name of the tool. */
  readonly tool?: readonly Piece[];
  readonly parts: readonly PermissionPart[];
  readonly answers: Answers;
  readonly omittedChars: number;
}

type Json = NonNullable<PermissionDetails['input']>;

/** Lines around a change that are shown with it. */
const CONTEXT = 3;
/** A title that is longer, or has several lines, is a part like every other. In UTF-16 units. */
const MAX_TITLE = 300;
/** JSON that stands in one line. In UTF-16 units. */
const SHORT_JSON = 60;
const WORDS: readonly PartName[] = ['says', 'description', 'justification'];
const NO_DETAILS: PermissionDetails = { content: [], locations: [] };

/** Pure. Nothing that the request says is left out; what two fields say alike is shown once. */
export function permissionView(request: Pick<PermissionRequest, 'title' | 'options' | 'details'>): PermissionView {
  const details = request.details ?? NO_DETAILS;
  const { toolName = '' } = details;
  const said = new Set<string>();
  const parts = [...diffs(details, said), ...fields(details, said), ...texts(details, said)];
  const title = said.has(request.title) ? '' : request.title;
  const isShort = title.length <= MAX_TITLE && !title.includes('\n');
  if (!isShort) parts.push({ label: { part: 'title' }, look: 'code', lines: linesOf(title) });
  parts.sort((a, b) => rank(a) - rank(b));
  parts.push(...files(details, said), ...others(details));
  return {
    title: isShort ? visiblePieces(title) : [],
    ...(toolName === '' ? {} : { tool: visiblePieces(toolName) }),
    parts,
    answers: answersOf(request),
    omittedChars: details.omittedChars ?? 0,
  };
}

/** The agent's own fields stand after those that are known. */
function rank({ label }: PermissionPart): number {
  return 'part' in label ? PARTS.indexOf(label.part) : PARTS.length;
}

function diffs({ content }: PermissionDetails, said: Set<string>): PermissionPart[] {
  return content.flatMap((part): PermissionPart[] => {
    if (part.kind !== 'diff') return [];
    const { path, oldText, newText } = part;
    for (const text of [path, oldText ?? '', newText]) said.add(text);
    return [
      {
        label: { part: 'diff' },
        look: 'diff',
        path: visiblePieces(path),
        isNewFile: oldText === null,
        lines: diffLines(oldText ?? '', newText),
      },
    ];
  });
}

function diffLines(oldText: string, newText: string): ShownLine[] {
  const { before, removed, added, after } = changedLines(oldText, newText);
  return [
    ...folded(before.slice(0, -CONTEXT)),
    ...before.slice(-CONTEXT).map((line) => lineOf(' ', line)),
    ...removed.map((line) => lineOf('−', line)),
    ...added.map((line) => lineOf('+', line)),
    ...after.slice(0, CONTEXT).map((line) => lineOf(' ', line)),
    ...folded(after.slice(CONTEXT)),
  ];
}

function folded(lines: readonly string[]): ShownLine[] {
  if (lines.length === 0) return [];
  return [{ mark: '⋯', pieces: [], folded: lines.map((line) => lineOf(' ', line)) }];
}

function fields({ input }: PermissionDetails, said: Set<string>): PermissionPart[] {
  if (input === undefined || input === null) return [];
  if (typeof input !== 'object' || Array.isArray(input)) return input === '' ? [] : [valuePart('input', input, said)];
  // A diff shows the old and the new text of an edit, and its path.
  const shown = Object.entries(input).filter(([, value]) => typeof value !== 'string' || !said.has(value));
  return shown.map(([field, value]) => valuePart(field, value, said));
}

function valuePart(field: string, value: Json | null, said: Set<string>): PermissionPart {
  const part = partOf(field) ?? (field === 'input' ? 'input' : undefined);
  const label = part === undefined ? { name: visiblePieces(field) } : { part };
  if (typeof value === 'string' && value !== '') said.add(value);
  const look = part !== undefined && WORDS.includes(part) ? 'words' : 'code';
  return { label, look, lines: valueLines(value) };
}

function valueLines(value: Json | null): ShownLine[] {
  if (typeof value === 'string' && value !== '') return linesOf(value);
  if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')) {
    return value.flatMap((item, index) => linesOf(item, String(index + 1)));
  }
  const short = JSON.stringify(value);
  return linesOf(short.length <= SHORT_JSON ? short : JSON.stringify(value, null, 2));
}

function texts({ content }: PermissionDetails, said: Set<string>): PermissionPart[] {
  return content.flatMap((part): PermissionPart[] => {
    if (part.kind !== 'text' || part.text === '' || said.has(part.text)) return [];
    said.add(part.text);
    return [{ label: { part: 'says' }, look: 'words', lines: linesOf(part.text) }];
  });
}

/** Files that no other part names. */
function files({ locations }: PermissionDetails, said: ReadonlySet<string>): PermissionPart[] {
  const unsaid = locations.filter(({ path, line }) => line !== undefined || !said.has(path));
  if (unsaid.length === 0) return [];
  const lines = unsaid.flatMap(({ path, line }) => linesOf(line === undefined ? path : `${path}:${line}`));
  return [{ label: { part: 'files' }, look: 'code', lines }];
}

function others({ other = {} }: PermissionDetails): PermissionPart[] {
  return Object.entries(other).map(([place, value]) => ({
    label: { name: visiblePieces(place) },
    look: 'code',
    lines: valueLines(value),
  }));
}

function linesOf(text: string, mark = ''): ShownLine[] {
  return text.split('\n').map((line, index) => lineOf(index === 0 ? mark : '', line));
}

function lineOf(mark: string, text: string): ShownLine {
  return { mark, pieces: visiblePieces(text) };
}
