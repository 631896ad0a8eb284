import { excerptOf } from '../../shared/permissions/fit.ts';
import { permissionView } from '../../shared/permissions/view.ts';
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
}

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
  let gathered: Row | undefined;
  const gather = (refused: readonly NoticeItem[], first: NoticeItem): Row => {
    const same = gathered?.item === first && gathered.refused?.length === refused.length;
    if (gathered === undefined || !same) gathered = { key: String(first.seq), item: first, refused };
    return gathered;
  };
  return (items) => {
    const refused = items.filter(isRefusedHost);
    const [first] = refused;
    if (first === undefined) return items.flatMap(rowsOf);
    return items.flatMap((item) => {
      if (!isRefusedHost(item)) return rowsOf(item);
      return item === first ? [gather(refused, first)] : [];
    });
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
export function textOf({ item, block, refused }: Row): string {
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
