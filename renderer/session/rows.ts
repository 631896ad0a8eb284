import { excerptOf } from '../../shared/permissions/fit.ts';
import { permissionView } from '../../shared/permissions/view.ts';
import { visibleText } from '../../shared/permissions/visible.ts';
import type { TranscriptItem } from '../../shared/transcript/fold.ts';
import { splitBlocks } from './markdown.ts';

/** The content of one row of a transcript: an entry, or one block of a message. */
export interface Row {
  readonly key: string;
  readonly item: TranscriptItem;
  /** The block's source; absent for an entry that stands in one row. */
  readonly block?: string;
  /** The hosts that the turn asked for in vain, all of them in the place of the first. */
  readonly refused?: readonly NoticeItem[];
  /** The files that the turn set aside or asks about, all of them in the place of the first. */
  readonly files?: readonly FileItem[];
}

type FileItem = Extract<TranscriptItem, { kind: 'file' }>;

type NoticeItem = Extract<TranscriptItem, { kind: 'notice' }>;

/** UTF-16 units; a longer paragraph is laid out in several rows. */
const MAX_BLOCK_CHARS = 8000;

/** Entries do not change, they are replaced: what was cut once is not cut again. */
export function createRows(): (items: readonly TranscriptItem[]) => readonly Row[] {
  const known = new WeakMap<TranscriptItem, readonly Row[]>();
  const rowsOf = (item: TranscriptItem): readonly Row[] => {
    const found = known.get(item) ?? cut(item);
    known.set(item, found);
    return found;
  };
  const gatherRefused = createGather((refused: readonly NoticeItem[]) => ({ refused }));
  const gatherFiles = createGather((files: readonly FileItem[]) => ({ files }));
  return (items) => {
    const refused = items.filter(isRefusedHost);
    const files = items.filter((item) => item.kind === 'file');
    if (refused.length + files.length === 0) return items.flatMap(rowsOf);
    return items.flatMap((item) => {
      if (item.kind === 'file') return gatherFiles(files, item);
      return isRefusedHost(item) ? gatherRefused(refused, item) : rowsOf(item);
    });
  };
}

/**
 * A single row for all entries of a kind, in the place of the first; the same row as before while they are the
 * same.
 */
function createGather<I extends TranscriptItem>(more: (all: readonly I[]) => Partial<Row>) {
  let gathered: { readonly row: Row; readonly count: number } | undefined;
  return (all: readonly I[], item: I): Row[] => {
    if (item !== all[0]) return [];
    if (gathered?.row.item !== item || gathered.count !== all.length)
      gathered = { row: { key: String(item.seq), item, ...more(all) }, count: all.length };
    return [gathered.row];
  };
}

function isRefusedHost(item: TranscriptItem): item is NoticeItem {
  return item.kind === 'notice' && /^notice\.host-refused(?:-|$)/.test(item.notice.key);
}

function cut(item: TranscriptItem): readonly Row[] {
  if (item.kind !== 'message' && item.kind !== 'terminal') return [{ key: String(item.seq), item }];
  const blocks = item.kind === 'terminal' ? byLines(item.text) : splitBlocks(item.text).flatMap(inPieces);
  return blocks.map((block, index) => ({ key: `${item.seq}.${index}`, item, block }));
}

/** Lines of a terminal's text that stand in one row. */
const LINES_OF_A_ROW = 100;

function byLines(text: string): string[] {
  const lines = text.replace(/\n$/, '').split('\n');
  return Array.from({ length: Math.ceil(lines.length / LINES_OF_A_ROW) }, (_, at) =>
    lines.slice(at * LINES_OF_A_ROW, (at + 1) * LINES_OF_A_ROW).join('\n'),
  );
}

/** At white space, so that no word is torn. Code keeps its fence, and stays whole. */
function inPieces(block: string): string[] {
  if (block.length <= MAX_BLOCK_CHARS || /^\s*(```|~~~)/.test(block)) return [block];
  return block.match(new RegExp(`[^]{1,${MAX_BLOCK_CHARS}}(?:\\s|$)|[^]{1,${MAX_BLOCK_CHARS}}`, 'g')) ?? [block];
}

const EVERYTHING = { lines: Number.POSITIVE_INFINITY, chars: Number.POSITIVE_INFINITY };

/** The text that a search looks through. */
export function textOf({ item, block, refused, files }: Row): string {
  if (files) return files.map(({ file }) => visibleText(file.path)).join('\n');
  if (refused) return refused.map(({ notice }) => Object.values(notice.values).join('\n')).join('\n');
  switch (item.kind) {
    case 'message':
      return block ?? item.text;
    case 'thought':
    case 'terminal':
      return block ?? item.text;
    case 'tool':
      return [item.title, ...item.content.map(contentText), ...item.locations.map(({ path }) => path)].join('\n');
    case 'plan':
      return item.entries.map(({ content }) => content).join('\n');
    case 'permission':
      return excerptOf(permissionView(item.request), EVERYTHING).text;
    case 'background':
      return item.processes.map(({ command }) => command).join('\n');
    case 'file':
      return visibleText(item.file.path);
    case 'notice':
      return Object.values(item.notice.values).join('\n');
    case 'credential':
      return Object.values(item.error.values).join('\n');
  }
}

type Content = Extract<TranscriptItem, { kind: 'tool' }>['content'][number];

function contentText(content: Content): string {
  if (content.kind === 'text') return content.text;
  return content.kind === 'diff' ? `${content.path}\n${content.newText}` : '';
}
