/** A value with the name that it stands under. */
interface Named {
  readonly name: string;
  readonly value: string;
}

/** Strings of a JSON text, with the names that they stand under; undefined: it is none, or a service account's. */
export function jsonValues(text: string): Named[] | undefined {
  if (!/^[{[]/.test(text)) return undefined;
  const parsed = parsedJson(text);
  if (parsed === undefined || isServiceAccount(parsed)) return undefined;
  return [...strings(parsed, '')];
}

/** As it is, or with the line breaks that a terminal put into its strings taken out. */
function parsedJson(text: string): unknown {
  for (const attempt of [text, text.replace(/,\s*$/, ''), text.replace(/\s*[\r\n]+\s*/g, '')]) {
    try {
      return JSON.parse(attempt);
    } catch {
      // The next attempt may be JSON; after the last one the text is judged like any other.
    }
  }
  return undefined;
}

function isServiceAccount(parsed: unknown): boolean {
  return typeof parsed === 'object' && parsed !== null && 'private_key' in parsed;
}

function* strings(value: unknown, name: string): Generator<Named> {
  if (typeof value === 'string') yield { name, value };
  else if (Array.isArray(value)) for (const inner of value) yield* strings(inner, name);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) yield* strings(inner, key);
  }
}

/** Parameters and password of an address; undefined: it is none. */
export function urlValues(text: string): Named[] | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(text)) return undefined;
  const parameters = [...text.matchAll(/[?&#]([^=&#]+)=([^&#]*)/g)];
  const password = /^[^/]*\/\/[^/@:]*:([^/@]+)@/.exec(text)?.[1] ?? '';
  return [['', 'password', password], ...parameters]
    .map(([, name = '', value = '']) => ({ name, value: decoded(value) }))
    .filter(({ value }) => value !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray percent sign: it means itself.
    return text;
  }
}

/** Headers and addresses of a curl command, or of options copied from one; undefined: it is none. */
export function curlArguments(text: string): string[] | undefined {
  if (!/^(?:(?:\$\s+)?curl\s|(?:-H|--header)[ =]?\s*["'])/.test(text)) return undefined;
  const quoted = [...text.matchAll(/(["'])(.*?)\1/gs)].map(([, , inner]) => (inner ?? '').trim());
  const bare = text.replace(/(["']).*?\1/gs, ' ').split(/\s+/);
  return [...quoted, ...bare];
}
