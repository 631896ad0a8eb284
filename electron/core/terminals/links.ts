import { linesOf, type Row } from './rows.ts';

const LINK = /https:\/\/[A-Za-z0-9][A-Za-z0-9._~:/?#[\]@!$&'()*+,;=%-]*/g;
const AFTER_LINK = /[.,;:!?)\]']+$/;
/** A program that wraps its text itself leaves at most this much of a line unused. */
const UNUSED = 2;

/** Addresses on a screen, each once, as whole as they were printed: also those that fill one line and go on in the next. */
export function findLinks(rows: readonly Row[], columns: number): string[] {
  const lines = linesOf(rows, columns).map(({ text }) => text.trimEnd());
  const links = new Set<string>();
  lines.forEach((text, at) => {
    for (const match of text.matchAll(LINK)) {
      let link = match[0];
      let end = match.index + link.length;
      for (let next = at + 1; end === (lines[next - 1]?.length ?? 0) && isAtEdge(end, columns); next++) {
        const more = /^[A-Za-z0-9._~:/?#[\]@!$&'()*+,;=%-]+/.exec(lines[next] ?? '')?.[0];
        if (more === undefined) break;
        link += more;
        end = more.length;
      }
      links.add(link.replace(AFTER_LINK, ''));
    }
  });
  return [...links];
}

function isAtEdge(end: number, columns: number): boolean {
  return (end + UNUSED) % columns <= UNUSED;
}
