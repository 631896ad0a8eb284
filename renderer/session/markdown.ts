/** A minimal, safe Markdown: what agents answer with. Anything else stays as it was written. */
type Block =
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly start: number; readonly items: readonly string[] }
  | { readonly kind: 'quote'; readonly text: string }
  | { readonly kind: 'table'; readonly text: string }
  | { readonly kind: 'rule' }
  | { readonly kind: 'paragraph'; readonly text: string };

export type Inline =
  | { readonly kind: 'text' | 'code' | 'strong' | 'emphasis'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

const FENCE = /^ {0,3}(```+|~~~+)/;

/** The source of each block. While text streams in, all but the last stay the same strings. */
export function splitBlocks(source: string): string[] {
  const blocks: string[] = [];
  let lines: string[] = [];
  let fence: string | undefined;
  const close = () => {
    if (lines.length > 0) blocks.push(lines.join('\n'));
    lines = [];
  };
  for (const line of source.split('\n')) {
    const mark = FENCE.exec(line)?.[1];
    if (fence !== undefined) {
      lines.push(line);
      if (mark?.startsWith(fence) && line.trim() === mark) {
        fence = undefined;
        close();
      }
    } else if (mark !== undefined) {
      close();
      fence = mark;
      lines.push(line);
    } else if (line.trim() === '') close();
    else if (startsOwnBlock(line, lines)) {
      close();
      lines.push(line);
      if (isHeading(line)) close();
    } else lines.push(line);
  }
  close();
  return blocks;
}

const isHeading = (line: string) => /^#{1,6} /.test(line);
const ITEM = /^ {0,3}(?:[-*+]|(\d{1,9})[.)]) +/;

function startsOwnBlock(line: string, open: readonly string[]): boolean {
  if (isHeading(line)) return true;
  const first = open[0];
  return first !== undefined && ITEM.test(line) && !ITEM.test(first);
}

export function parseBlock(source: string): Block {
  const lines = source.split('\n');
  const first = lines[0] ?? '';
  const fence = FENCE.exec(first)?.[1];
  if (fence !== undefined) return fenced(lines, fence);
  const heading = /^(#{1,6}) +(.*?)(?: +#+)?$/.exec(first);
  if (heading !== null && lines.length === 1) {
    return { kind: 'heading', level: heading[1]?.length ?? 1, text: heading[2] ?? '' };
  }
  if (lines.length === 1 && /^ {0,3}(?:-{3,}|\*{3,}|_{3,})$/.test(first)) return { kind: 'rule' };
  if (ITEM.test(first)) return list(lines);
  if (lines.every((line) => line.startsWith('>'))) {
    return { kind: 'quote', text: lines.map((line) => line.replace(/^> ?/, '')).join('\n') };
  }
  // Columns only line up in a fixed width.
  if (lines.length > 1 && lines.every((line) => line.trim().startsWith('|'))) return { kind: 'table', text: source };
  return { kind: 'paragraph', text: source };
}

function fenced(lines: readonly string[], fence: string): Block {
  const closed = lines.length > 1 && lines.at(-1)?.trim().startsWith(fence);
  return {
    kind: 'code',
    language: (lines[0] ?? '').trim().slice(fence.length).trim(),
    text: lines.slice(1, closed ? -1 : undefined).join('\n'),
  };
}

function list(lines: readonly string[]): Block {
  const items: string[] = [];
  for (const line of lines) {
    if (ITEM.test(line)) items.push(line.replace(ITEM, ''));
    else items.push(`${items.pop() ?? ''}\n${line}`);
  }
  const number = ITEM.exec(lines[0] ?? '')?.[1];
  return { kind: 'list', ordered: number !== undefined, start: Number(number ?? 1), items };
}

const INLINE =
  /(?<ticks>`{1,3})(?<code>[^`]|[^`].{0,2000}?[^`])\k<ticks>(?!`)|\*\*(?<strong>[^*\s](?:[^*]{0,2000}[^*\s])?)\*\*|(?<![\w*])[*_](?<emphasis>[^*_\s](?:[^*_]{0,2000}[^*_\s])?)[*_](?![\w*])|\[(?<label>[^[\]\n]{1,500})\]\((?<href>https?:\/\/[^\s)]+)\)|(?<url>https?:\/\/[^\s<>"'`)\]]*[^\s<>"'`)\].,;:!?])/gs;

export function parseInline(text: string): Inline[] {
  const parts: Inline[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) });
    parts.push(inlineOf(match.groups ?? {}, match[0]));
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
  return parts;
}

function inlineOf(groups: Readonly<Record<string, string | undefined>>, whole: string): Inline {
  const { code, strong, emphasis, label, href, url } = groups;
  if (code !== undefined) return { kind: 'code', text: code };
  if (strong !== undefined) return { kind: 'strong', text: strong };
  if (emphasis !== undefined) return { kind: 'emphasis', text: emphasis };
  if (label !== undefined && href !== undefined) return { kind: 'link', text: label, href };
  return url === undefined ? { kind: 'text', text: whole } : { kind: 'link', text: url, href: url };
}
