import { base64, hex, utf8 } from './bytes.ts';

/** Shorter values would mask half of any text; they are masked only where a shape or a header shows them. */
const MIN_VALUE_LENGTH = 6;
/** Lines of a multi-line value that are shorter say too little to be masked alone. */
const MIN_LINE_LENGTH = 8;
/** Where `base64` (76) and PEM (64) break their lines. */
const BASE64_COLUMNS = [64, 76] as const;

/** Every text under which a value may turn up, each at least MIN_VALUE_LENGTH long. */
export function encodingsOf(value: string): ReadonlySet<string> {
  const forms = new Set<string>();
  for (const plain of plainForms(value)) addAll(forms, [...escapedForms(plain), ...byteForms(plain)]);
  for (const line of value.split(/[\r\n]+/)) {
    const trimmed = line.trim();
    if (trimmed.length >= MIN_LINE_LENGTH && trimmed !== value) addAll(forms, escapedForms(trimmed));
  }
  return new Set([...forms].filter((form) => form.length >= MIN_VALUE_LENGTH));
}

function addAll(forms: Set<string>, more: Iterable<string>): void {
  for (const form of more) forms.add(form);
}

function plainForms(value: string): string[] {
  const trimmed = value.trim();
  const unquoted = trimmed.replace(/^(["'`])(.*)\1$/s, '$2');
  return [value, trimmed, unquoted, value.replaceAll('\r\n', '\n')].filter((form) => form.length >= MIN_VALUE_LENGTH);
}

function* escapedForms(plain: string): Iterable<string> {
  yield plain;
  const json = JSON.stringify(plain).slice(1, -1);
  yield json;
  yield JSON.stringify(json).slice(1, -1);
  yield json.replaceAll('/', '\\/');
  yield* eachCase(json.replace(/[^\0-~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`));
  yield* xmlForms(plain);
  yield plain.replaceAll("'", "'\\''");
  yield plain.replaceAll("'", `'"'"'`);
  yield plain.replace(/[^A-Za-z0-9_\-./:=@%+,]/g, '\\$&');
  yield* urlForms(plain);
}

const HEX_ESCAPE = /(?<=%)[0-9a-f]{2}|(?<=\\u)[0-9a-f]{4}/gi;

/** The hexadecimal digits of escapes come in both cases. */
function eachCase(text: string): string[] {
  return [
    text.replace(HEX_ESCAPE, (digits) => digits.toLowerCase()),
    text.replace(HEX_ESCAPE, (digits) => digits.toUpperCase()),
  ];
}

function* xmlForms(plain: string): Iterable<string> {
  const text = plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  yield text;
  const quoted = text.replaceAll('"', '&quot;');
  yield quoted;
  for (const apostrophe of ['&apos;', '&#39;', '&#x27;']) yield quoted.replaceAll("'", apostrophe);
}

function* urlForms(plain: string): Iterable<string> {
  const component = encodeURIComponent(plain.toWellFormed());
  const strict = component.replace(/[!'()*~]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
  for (const form of [encodeURI(plain.toWellFormed()), component, strict, strict.replaceAll('%2a', '*')]) {
    yield* eachCase(form);
    yield* eachCase(form.replaceAll('%20', '+'));
  }
}

function* byteForms(plain: string): Iterable<string> {
  const bytes = utf8(plain);
  yield hex(bytes);
  yield hex(bytes).toUpperCase();
  for (const form of base64Forms(bytes)) {
    yield form;
    yield form.replaceAll('+', '-').replaceAll('/', '_');
  }
}

/**
 * In base64 a value looks different after one or two bytes that stand before it. Characters that also hold bits of
 * unknown neighbours are left out; when the value is last, its half character and the padding belong to it.
 */
function* base64Forms(bytes: readonly number[]): Iterable<string> {
  for (const before of [0, 1, 2]) {
    const all = base64([...Array<number>(before).fill(0), ...bytes]);
    const firstOwn = before === 0 ? 0 : before + 1;
    const wholeCharacters = Math.floor(((before + bytes.length) * 8) / 6);
    yield all.slice(firstOwn, wholeCharacters);
    yield all.slice(firstOwn);
    yield all.slice(firstOwn) + '='.repeat((4 - (all.length % 4)) % 4);
  }
  const first = base64(bytes);
  for (const columns of BASE64_COLUMNS) {
    for (let at = 0; first.length > columns && at < first.length; at += columns) {
      const line = first.slice(at, at + columns);
      if (line.length >= MIN_LINE_LENGTH) yield line;
    }
  }
}
