import type { ProviderView } from '../model/provider.ts';
import { type Finding, finding } from './finding.ts';
import { inspectShape } from './key-shape.ts';
import { inspectInside, joinLines, keepsItsLines, unwrap } from './pasted-text.ts';

export interface PasteContext {
  /** For whom it was pasted. Absent: a secret of no provider, which may have any shape. */
  readonly provider?: ProviderView | undefined;
  /** All of them, to recognise another's token. */
  readonly providers: readonly ProviderView[];
  /** The variable it will be kept under; absent: the provider's default. */
  readonly variable?: string | undefined;
}

export interface PasteInspection {
  /** What there is to say, worst first. It never holds any of the text. */
  readonly findings: readonly Finding[];
  /** Both ends trimmed: what would be stored. */
  readonly clean: string;
  /** Without the `NAME=` and the quotes around it; offered, never applied by itself. */
  readonly unwrapped?: string;
  /** In one piece, without anything that cannot be seen; offered as *Join the lines*, never applied by itself. */
  readonly joined?: string;
}

/**
 * Looks at a pasted credential and says what is odd about it. It never blocks: a PEM key and a service account in JSON
 * keep their lines, and raise no warning.
 */
export function inspectPaste(text: string, context: PasteContext): PasteInspection {
  const clean = text.trim();
  if (clean === '') return { findings: [finding('paste.empty', 'warn')], clean };
  const trimmed = text.length - clean.length;
  const findings: Finding[] = trimmed > 0 ? [finding('paste.trimmed', 'info', { count: trimmed })] : [];

  const lines = keepsItsLines(clean);
  if (lines !== undefined) {
    return { findings: [...findings, finding(lines === 'pem' ? 'paste.pem' : 'paste.json', 'info')], clean };
  }
  const bare = unwrap(clean);
  if (bare.assignment) findings.push(finding('paste.assignment', 'warn'));
  if (bare.quotes) findings.push(finding('paste.quotes', 'warn'));
  findings.push(...inspectInside(bare.text));
  const joined = joinLines(bare.text);
  const { provider } = context;
  if (provider !== undefined) findings.push(...inspectShape(joined, { ...context, provider }));
  return {
    findings: findings.sort((a, b) => Number(b.level === 'warn') - Number(a.level === 'warn')),
    clean,
    ...(bare.text === clean ? {} : { unwrapped: bare.text }),
    ...(joined === bare.text ? {} : { joined }),
  };
}
