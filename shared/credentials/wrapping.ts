import { isSecretLikeName } from '../variables/secret-names.ts';
import { joinLines, keepsItsLines } from './pasted-text.ts';
import { curlArguments, jsonValues, urlValues } from './structured-text.ts';

/** The wrappings of a token, in the order in which it is looked for. */
export type WrappingKind = 'curl' | 'json' | 'header' | 'assignment' | 'quotes' | 'url';

interface Wrapping {
  /** The outermost one. */
  readonly kind: WrappingKind;
  /** All that stands inside of it and may be the secret, each once; still broken where it was broken. */
  readonly inside: readonly string[];
}

interface Peeled {
  readonly kind: WrappingKind;
  readonly inside: readonly string[];
}

const MIN_REST = 6;
const DEEPEST = 6;

/** Upper case and an underscore, or said to be an assignment: `abc==` is the end of a token, not a name. */
const ASSIGNMENT =
  /^(?:(?:export|set|setx|declare -x)\s+[A-Za-z_]\w*|\$env:\w+|["']?[A-Z][A-Z0-9]*_[A-Z0-9_]+["']?)\s*[=:]\s*/;
/** `apiKey: …` of a settings file. */
const ENTRY = /^["']?([A-Za-z][\w.-]{1,60})["']?\s*[:=]\s*/;
const HEADER =
  /^(?:-H\s+|--header[ =])?((?:proxy-)?authorization|api-?key|(?:[a-z0-9]+-)+(?:key|token|authorization))\s*:\s*/i;
const OTHER_HEADER = /^(?:-H\s+)?[A-Za-z][A-Za-z0-9-]*:\s/;
const SCHEME = /^(?:bearer|token|basic|apikey)\s+/i;
const QUOTE_PAIRS: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '`': '`',
  '“': '“”',
  '”': '”',
  '„': '“”',
  '‘': '’‘',
  '’': '’',
  '‚': '‘’',
  '«': '»',
  '»': '«',
  '‹': '›',
};
const ANY_QUOTE = /["'`“”„‘’‚«»‹›]/;

/**
 * The wrapping of the secret in a pasted text, to any depth: `export X="…"`, a header in a curl command.
 * @param asToken whether a token is expected: JSON and addresses can be secrets of their own
 */
export function unwrap(text: string, asToken: boolean): Wrapping | undefined {
  const outer = peel(text, asToken);
  if (outer === undefined) return undefined;
  return { kind: outer.kind, inside: [...new Set(outer.inside.flatMap((inner) => core(inner, asToken, 1)))] };
}

function core(text: string, asToken: boolean, depth: number): readonly string[] {
  const inner = depth < DEEPEST && keepsItsLines(text) !== 'pem' ? peel(text, asToken) : undefined;
  return inner === undefined ? [text] : inner.inside.flatMap((deeper) => core(deeper, asToken, depth + 1));
}

function peel(text: string, asToken: boolean): Peeled | undefined {
  const found =
    (asToken ? (curl(text) ?? json(text)) : undefined) ??
    headers(text) ??
    assignments(text) ??
    quotes(text) ??
    (asToken ? url(text) : undefined);
  if (found === undefined) return undefined;
  const inside = found.inside.map((inner) => inner.trim()).filter((inner) => inner.length >= MIN_REST);
  return { kind: found.kind, inside: inside.filter((inner) => !isReference(inner)) };
}

/** `$NAME` in a command that was copied from a manual: the secret is elsewhere. */
function isReference(text: string): boolean {
  return /^\$\{?\w+\}?$|^<[^<>]*>$/.test(text);
}

function curl(text: string): Peeled | undefined {
  const inside = curlArguments(text);
  if (inside === undefined) return undefined;
  const secret = inside.flatMap((argument) => (headers(argument) ?? url(argument))?.inside ?? []);
  return { kind: 'curl', inside: secret };
}

function json(text: string): Peeled | undefined {
  const values = jsonValues(text);
  if (values === undefined) return undefined;
  const inside = values.filter(({ name }) => namesSecret(name)).map(({ value }) => value);
  return { kind: 'json', inside: inside.filter((value) => keepsItsLines(value) !== 'pem') };
}

function url(text: string): Peeled | undefined {
  const values = urlValues(text);
  if (values === undefined) return undefined;
  return { kind: 'url', inside: values.filter(({ name }) => namesSecret(name)).map(({ value }) => value) };
}

/** In settings, JSON and addresses short names do: `?key=…`, `openaiKey`. */
function namesSecret(name: string): boolean {
  return isSecretLikeName(name) || /^(?:.*[_.-])?(?:key|auth)$/i.test(name) || /[a-z0-9]Key$/.test(name);
}

/** One line or several, of which only those with a secret count; a value that wrapped goes on in the lines below it. */
function headers(text: string): Peeled | undefined {
  if (!HEADER.test(text) && !OTHER_HEADER.test(text)) {
    return after(SCHEME, text) !== undefined ? { kind: 'header', inside: [text.replace(SCHEME, '')] } : undefined;
  }
  const inside = entries(text, (line) => HEADER.test(line) || OTHER_HEADER.test(line))
    .flatMap((entry) => after(HEADER, entry) ?? [])
    .map((value) => value.replace(SCHEME, ''));
  return inside.length === 0 ? undefined : { kind: 'header', inside };
}

function assignments(text: string): Peeled | undefined {
  if (!isAssignment(text)) return undefined;
  const inside = entries(text, isAssignment).map((entry) =>
    // A comment at the end of the line; a quoted value has its own end.
    withoutComment(after(ASSIGNMENT, entry) ?? entry.replace(ENTRY, '')).replace(/[,;]\s*$/, ''),
  );
  return { kind: 'assignment', inside };
}

function isAssignment(text: string): boolean {
  if (after(ASSIGNMENT, text) !== undefined) return true;
  return after(ENTRY, text) !== undefined && namesSecret(ENTRY.exec(text)?.[1] ?? '');
}

/** What follows the pattern, when it is long enough to be a secret: `==` is how base64 ends. */
function after(pattern: RegExp, text: string): string | undefined {
  const rest = text.replace(pattern, '');
  return rest === text || joinLines(rest).length < MIN_REST ? undefined : rest;
}

function withoutComment(value: string): string {
  const quoted = /^(["'])(.*?)\1\s+#.*$/s.exec(value);
  if (quoted !== null) return `${quoted[1]}${quoted[2]}${quoted[1]}`;
  return ANY_QUOTE.test(value[0] ?? '') ? value : value.replace(/\s+#.*$/s, '');
}

/** Lines together with those that go on below them. */
function entries(text: string, begins: (line: string) => boolean): string[] {
  const found: string[] = [];
  for (const line of text.split(/\r\n|\r|\n/)) {
    const trimmed = line.trim();
    if (found.length === 0 || begins(trimmed)) found.push(trimmed);
    else found.push(`${found.pop() ?? ''}\n${line}`);
  }
  return found;
}

/** A pair of quotes, straight or typographic; or one that was left over when half of a pair was copied. */
function quotes(text: string): Peeled | undefined {
  const whole = text.replace(/[;,]$/, '');
  const [first = '', last = ''] = [whole[0], whole.at(-1)];
  const inner = whole.slice(1, -1);
  if (whole.length > 2 && (QUOTE_PAIRS[first] ?? '').includes(last) && inner.trim().length >= MIN_REST) {
    return { kind: 'quotes', inside: [inner] };
  }
  const rest = whole.replace(/^["'`“”„]|["'`“”]$/g, '');
  const isLeftOver = rest.length === whole.length - 1 && !ANY_QUOTE.test(rest) && rest.trim().length >= MIN_REST;
  return isLeftOver ? { kind: 'quotes', inside: [rest] } : undefined;
}
