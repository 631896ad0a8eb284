/**
 * Reads the object literal that starts at `at`: JSON as minifiers write it, with bare keys, `!0`, `!1` and any quotes.
 * It is read, never run: what a foreign program carries is data here.
 * @returns the value, and where the text goes on
 * @throws SyntaxError where something else stands
 */
export function readDataLiteral(text, at = 0) {
  const char = text[at];
  if (char === '{') return readObject(text, at);
  if (char === '[') return readArray(text, at);
  if (char === '"' || char === "'" || char === '`') return readString(text, at);
  return readWord(text, at);
}

const WORD = /!0|!1|true|false|null|void 0|-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const WORDS = new Map([
  ['!0', true],
  ['true', true],
  ['!1', false],
  ['false', false],
  ['null', null],
  ['void 0', undefined],
]);
const KEY = /[A-Za-z_$][\w$]*|\d+/y;

function readWord(text, at) {
  const word = match(WORD, text, at);
  return { value: WORDS.has(word) ? WORDS.get(word) : Number(word), end: at + word.length };
}

function readObject(text, start) {
  const entries = [];
  let at = start + 1;
  while (text[at] !== '}') {
    const key = /["'`]/.test(text[at] ?? '') ? readString(text, at) : readKey(text, at);
    const item = readDataLiteral(text, expect(text, key.end, ':'));
    entries.push([key.value, item.value]);
    at = text[item.end] === ',' ? item.end + 1 : item.end;
    if (text[item.end] !== ',') expect(text, item.end, '}');
  }
  return { value: Object.fromEntries(entries), end: at + 1 };
}

function readKey(text, at) {
  const value = match(KEY, text, at);
  return { value, end: at + value.length };
}

function readArray(text, start) {
  const value = [];
  let at = start + 1;
  while (text[at] !== ']') {
    const item = readDataLiteral(text, at);
    value.push(item.value);
    at = text[item.end] === ',' ? item.end + 1 : item.end;
    if (text[item.end] !== ',') expect(text, item.end, ']');
  }
  return { value, end: at + 1 };
}

const ESCAPES = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', 0: '\0' };
const ESCAPE = /\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))/gs;

function readString(text, start) {
  const quote = text[start];
  let end = start + 1;
  while (text[end] !== quote) {
    if (end >= text.length || (quote === '`' && text.startsWith('${', end)))
      throw failure(text, start, 'a plain string');
    end += text[end] === '\\' ? 2 : 1;
  }
  const value = text
    .slice(start + 1, end)
    .replace(ESCAPE, (_, point, unit, byte, char) =>
      char === undefined ? String.fromCodePoint(Number.parseInt(point ?? unit ?? byte, 16)) : (ESCAPES[char] ?? char),
    );
  return { value, end: end + 1 };
}

function match(pattern, text, at) {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  if (found === null) throw failure(text, at, 'a value');
  return found[0];
}

function expect(text, at, char) {
  if (text[at] !== char) throw failure(text, at, char);
  return at + 1;
}

function failure(text, at, wanted) {
  return new SyntaxError(`At ${at} stands ${JSON.stringify(text.slice(at, at + 20))}, not ${wanted}`);
}
