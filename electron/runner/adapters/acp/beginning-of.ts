/** An atom of a regular expression (an escape, a class, a character), and how often it stands there. */
const ATOM =
  /(\\(?:[pPu]\{[^}]*\}|u[\da-f]{4}|x[\da-f]{2}|.)|\[(?:\\.|[^\]\\])*\]|.)([*+?]\??|\{\d+(?:,\d*)?\}\??)?/isuy;
const GROUP_START = /\((?:\?(?:[a-z]*:))?/uy;
const NO_GROUP_OF_THESE = /^\(\?(?![a-z]*:)/u;

/**
 * A pattern for the beginnings of texts that `source` matches: `^API Error` gives one that matches `A` and `API Er` and
 * not `B`. At the end of the text each atom may be absent. Undefined for a source whose matches may begin anywhere,
 * and for one that looks ahead or behind.
 */
export function beginningOf(source: string): RegExp | undefined {
  if (!source.startsWith('^')) return undefined;
  let partial = '';
  let depth = 0;
  for (let at = 0; at < source.length; ) {
    const rest = source.slice(at);
    if (NO_GROUP_OF_THESE.test(rest)) return undefined;
    const opened = sticky(GROUP_START, source, at);
    if (opened !== undefined) {
      partial += opened[0];
      depth++;
      at += opened[0].length;
      continue;
    }
    const [whole = '', atom = '', quantifier = ''] = sticky(ATOM, source, at) ?? [];
    if (whole === '') return undefined;
    if (atom === '|' && depth === 0) return undefined;
    if (atom === ')') depth--;
    if (/^[|)^$]$/u.test(atom)) partial += whole;
    else if (/^\\b$/iu.test(atom)) partial += `(?:${atom}|$)`;
    else partial += quantifier === '' ? `(?:${atom}|$)` : `(?:${whole}|${atom}*$)`;
    at += whole.length;
  }
  return new RegExp(partial, 'u');
}

function sticky(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
