import type { ProviderView } from '../model/provider.ts';
import { type Finding, type FindingKey, finding, worstFirst } from './finding.ts';
import { inspectShape } from './key-shape.ts';
import { inspectInside, joinLines, keepsItsLines, looksLikeSentence } from './pasted-text.ts';
import { firstUnsendable } from './sendable.ts';
import { isCompleteToken, isToken, tokensIn } from './token-shapes.ts';
import { unwrap, type WrappingKind } from './wrapping.ts';

export interface PasteContext {
  /** For whom it was pasted. Absent: a secret of no provider, which may have any shape. */
  readonly provider?: ProviderView | undefined;
  /** Every provider, to recognise another one's token. */
  readonly providers: readonly ProviderView[];
  /** The variable it will be kept under; absent: the provider's default. */
  readonly variable?: string | undefined;
}

/** A click that repairs what a finding says. Offered, never applied by itself. */
export interface Repair {
  readonly of: FindingKey;
  readonly kind: 'join' | 'unwrap' | 'use-token' | 'use-one';
  /** The text that would stand in the field instead. */
  readonly text: string;
}

export interface PasteInspection {
  /** The findings, worst first. */
  readonly findings: readonly Finding[];
  /** Both ends trimmed: what would be stored. */
  readonly clean: string;
  /** Of one finding: a single one, or several to choose from. */
  readonly repairs: readonly Repair[];
}

interface Spoiled {
  readonly findings: readonly Finding[];
  readonly repairs: readonly Repair[];
}

const FINDING_OF = {
  curl: 'paste.curl',
  json: 'paste.json-token',
  header: 'paste.header',
  assignment: 'paste.assignment',
  quotes: 'paste.quotes',
  url: 'paste.url',
  prose: 'paste.prose',
} as const satisfies Record<WrappingKind | 'prose', FindingKey>;
/** Nothing that may be the secret stands inside. */
const EMPTY_FINDING_OF = {
  curl: 'paste.no-token-curl',
  json: 'paste.no-token-json',
  header: 'paste.no-token-header',
  assignment: 'paste.no-token-reference',
  quotes: 'paste.no-token-reference',
  url: 'paste.no-token-url',
  prose: 'paste.sentence',
} as const satisfies Record<WrappingKind | 'prose', FindingKey>;

/**
 * Looks at a pasted credential and says what is odd about it. Only a character that no header can carry bars it: a PEM
 * key and a service account in JSON keep their lines.
 */
export function inspectPaste(text: string, context: PasteContext): PasteInspection {
  const clean = text.trim();
  if (clean === '') return { findings: [finding('paste.empty', 'warn')], clean, repairs: [] };
  const trimmed = text.length - clean.length;
  const ends = trimmed > 0 ? [finding('paste.trimmed', 'info', { count: trimmed })] : [];
  const asToken = takesToken(context);
  const whole = wholeKey(clean, asToken);
  const { findings, repairs } = whole === undefined ? spoiled(text, clean, { ...context, asToken }) : whole;
  return { findings: worstFirst([...ends, ...findings]), clean, repairs };
}

interface Looking extends PasteContext {
  /** A provider's token is expected, and not any secret of the user's own. */
  readonly asToken: boolean;
}

function takesToken({ provider, variable = provider?.defaultVariable }: PasteContext): boolean {
  if (provider === undefined) return false;
  return provider.variables?.find(({ name }) => name === variable)?.kind !== 'plain';
}

/** A text that is a secret as a whole and has no token inside. */
function wholeKey(clean: string, asToken: boolean): Spoiled | undefined {
  const says = (found: Finding): Spoiled => ({ findings: [found], repairs: [] });
  if (keepsItsLines(clean) === 'pem') {
    return says(asToken ? finding('paste.pem-key', 'warn') : finding('paste.pem', 'info'));
  }
  const isSsh = /^(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\S+|\S+@openssh\.com)\s+AAAA/.test(clean);
  return isSsh && asToken ? says(finding('paste.ssh-key', 'warn')) : undefined;
}

function spoiled(text: string, clean: string, context: Looking): Spoiled {
  const { inside, kind } = insideOf(clean, context);
  if (kind !== undefined) return wrapped(clean, { kind, inside, context });
  const json = keepsItsLines(clean) === 'json';
  const unsendable = context.asToken ? unsendableIn(text) : [];
  if (json) return { findings: [finding('paste.json', 'info'), ...unsendable], repairs: [] };
  const joined = joinLines(clean);
  if (context.asToken && looksLikeSentence(clean) && !isToken(joined, context.providers)) {
    return { findings: [finding('paste.sentence', 'warn'), ...unsendable], repairs: [] };
  }
  const odd = inspectInside(text.trimEnd(), text.length - text.trimStart().length);
  const [first, ...others] = odd;
  const cured = first !== undefined && firstUnsendable(joined) === undefined;
  return {
    findings: [
      // One click mends them all: the first carries it, and is what bars the value when one of them does.
      ...(first === undefined ? [] : [{ ...first, level: cured && unsendable.length > 0 ? 'error' : 'warn' } as const]),
      ...others,
      ...(cured ? [] : unsendable),
      // Of a text that no provider can receive it is not said that it looks right.
      ...(unsendable.length > 0 && !cured ? [] : shape(joined, context)),
    ],
    repairs: first === undefined || joined === clean ? [] : [{ of: first.key, kind: 'join', text: joined }],
  };
}

interface Wrapped {
  readonly kind: keyof typeof FINDING_OF;
  readonly inside: readonly string[];
  readonly context: Looking;
}

/** A finding and a click, whatever else stands around or inside; several tokens are several to choose from. */
function wrapped(clean: string, { kind, inside, context }: Wrapped): Spoiled {
  const { asToken } = context;
  const isLined = (inner: string) => keepsItsLines(inner) !== undefined;
  // In a secret of the user's own blanks and lines may be meant: what is inside is looked at once it is alone.
  const texts = [...new Set(inside.map((inner) => (asToken && !isLined(inner) ? joinLines(inner) : inner)))];
  const [only = ''] = texts;
  const key = texts.length > 1 ? 'paste.several' : FINDING_OF[kind];
  const unsendable = asToken ? unsendableIn(clean) : [];
  if (texts.length === 0) return { findings: [finding(EMPTY_FINDING_OF[kind], 'warn'), ...unsendable], repairs: [] };
  // In other text the character is pointed at; quotes that it is part of are named by themselves.
  const cures = kind !== 'prose' && texts.every((one) => firstUnsendable(one) === undefined);
  const level = unsendable.length > 0 && cures ? 'error' : 'warn';
  const isBroken = asToken && inside.some((inner) => !isLined(inner) && joinLines(inner) !== inner);
  const simple = kind === 'quotes' || kind === 'assignment';
  return {
    findings: [
      finding(key, level, texts.length > 1 ? { count: texts.length } : {}),
      ...(isBroken ? [finding('paste.broken-inside', 'info')] : []),
      ...(cures ? [] : unsendable),
      ...(texts.length === 1 && !isLined(only) ? shape(only, context) : []),
    ],
    repairs: texts.map((one) => ({
      of: key,
      kind: texts.length > 1 ? 'use-one' : simple ? 'unwrap' : 'use-token',
      text: one,
    })),
  };
}

/** The possible secrets in a text that holds more than that. Without a kind it holds nothing more. */
function insideOf(clean: string, context: Looking): { kind?: Wrapped['kind']; inside: readonly string[] } {
  const around = unwrap(clean, context.asToken);
  if (around === undefined) {
    const tokens = inProse(clean, context);
    return tokens === undefined ? { inside: [] } : { kind: 'prose', inside: tokens };
  }
  const inside = around.inside.flatMap((inner) => inProse(inner, context) ?? [inner]);
  // Where no name says which part is the secret, its shape does.
  return { kind: around.kind, inside: inside.length > 0 ? inside : tokensIn(clean, context.providers) };
}

/**
 * The recognised tokens among other words; undefined: the text is one token, whole or broken, or none is recognised. A
 * token that is complete ends where it ends. Otherwise what follows may be its other half.
 */
function inProse(text: string, { providers }: Looking): readonly string[] | undefined {
  const tokens = tokensIn(text, providers);
  if (tokens.length === 0 || tokens[0] === text) return undefined;
  const joined = joinLines(text);
  if (isCompleteToken(joined, providers)) return undefined;
  if (tokens.length > 1 || tokens.some((token) => isCompleteToken(token, providers))) return tokens;
  if (!isToken(joined, providers)) return tokens;
  const others = text.split(/\s+/).filter((word) => !word.includes(tokens[0] ?? ''));
  const areWords = others.length > 0 && others.every((word) => /^[A-Z]?[a-z]{0,14}[.,;:!?]?$/.test(word));
  return areWords && !/[\r\n]/.test(text) ? [...tokens, joined] : undefined;
}

function shape(token: string, context: Looking): Finding[] {
  const { provider, asToken } = context;
  return provider === undefined || !asToken ? [] : inspectShape(token, { ...context, provider });
}

function unsendableIn(text: string): Finding[] {
  const found = firstUnsendable(text);
  if (found === undefined) return [];
  const { kind, ...values } = found;
  return [finding(`paste.unsendable-${kind}`, 'error', values)];
}
