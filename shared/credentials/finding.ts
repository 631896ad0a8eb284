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
  'paste.pem',
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

/** Something to say about a pasted text: a message key and its values. Counts, places and names; nothing of the text. */
export interface Finding {
  readonly key: FindingKey;
  readonly level: 'info' | 'warn';
  readonly values: Readonly<Record<string, string | number>>;
}

export function finding(key: FindingKey, level: Finding['level'], values: Finding['values'] = {}): Finding {
  return { key, level, values };
}
