export const FINDING_KEYS = [
  'paste.empty',
  'paste.trimmed',
  'paste.interior-lines',
  'paste.interior-blanks',
  'paste.carriage-returns',
  'paste.no-break-spaces',
  'paste.zero-width',
  'paste.quotes',
  'paste.assignment',
  'paste.header',
  'paste.curl',
  'paste.json-token',
  'paste.url',
  'paste.prose',
  'paste.several',
  'paste.broken-inside',
  'paste.no-token-curl',
  'paste.no-token-header',
  'paste.no-token-json',
  'paste.no-token-url',
  'paste.no-token-reference',
  'paste.sentence',
  'paste.unsendable-control',
  'paste.unsendable-quote',
  'paste.unsendable-dash',
  'paste.unsendable-invisible',
  'paste.unsendable-other',
  'paste.pem',
  'paste.pem-key',
  'paste.ssh-key',
  'paste.json',
  'paste.right-shape',
  'paste.other-provider',
  'paste.oauth-token',
  'paste.api-key',
  'paste.truncated',
  'paste.truncated-at-column',
  'paste.maybe-cut',
  'paste.unknown-shape',
] as const;
export type FindingKey = (typeof FINDING_KEYS)[number];

/** `error`: as it is, it cannot be stored. */
export const FINDING_LEVELS = ['error', 'warn', 'info'] as const;
type FindingLevel = (typeof FINDING_LEVELS)[number];

/**
 * Something to say about a pasted text: a message key and its values. Counts, places and names; nothing of the text but
 * a single character that no token has.
 */
export interface Finding {
  readonly key: FindingKey;
  readonly level: FindingLevel;
  readonly values: Readonly<Record<string, string | number>>;
}

export function finding(key: FindingKey, level: FindingLevel, values: Finding['values'] = {}): Finding {
  return { key, level, values };
}

/** The worst first; those of one level stay in their order. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  const rank = ({ level }: Finding) => FINDING_LEVELS.indexOf(level);
  return [...findings].sort((a, b) => rank(a) - rank(b));
}
