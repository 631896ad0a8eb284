import type { Finding } from '../../../shared/credentials/finding.ts';
import { maskValue } from '../../../shared/credentials/masking.ts';
import { inspectPaste, type PasteContext, type PasteInspection } from '../../../shared/credentials/paste.ts';
import type { Context } from '../context.ts';

export interface Settled {
  readonly value: string;
  /** The findings that remain. */
  readonly findings: readonly Finding[];
}

/**
 * A secret as it is to be stored. On a terminal each repair of a finding is offered before; elsewhere nobody can be
 * asked, the value stays as it is, and what is odd about it is said afterwards. Null: nothing is to be stored.
 */
export async function settlePasted(context: Context, given: string, paste: PasteContext): Promise<Settled | null> {
  const { stdin, stderr, values } = context;
  const canAsk = stdin.isTTY === true && stderr.isTerminal && values.json !== true;
  let value = given;
  for (;;) {
    const inspection = inspectPaste(value, paste);
    if (!canAsk || inspection.repairs.length === 0) return { value, findings: inspection.findings };
    tellFindings(context, inspection.findings);
    const chosen = await choose(context, inspection);
    if (chosen === null) return null;
    if (chosen === undefined) return { value, findings: [] };
    value = chosen;
  }
}

export function tellFindings({ stderr, t }: Pick<Context, 'stderr' | 't'>, findings: readonly Finding[]): void {
  for (const { key, level, values } of findings) {
    const sentence = t(key, values);
    stderr.line(level === 'info' ? sentence : stderr.style(level === 'error' ? 'red' : 'yellow', sentence));
  }
}

/** The repaired text; undefined: as it is; null: nothing at all. */
async function choose(context: Context, { repairs, findings }: PasteInspection): Promise<string | undefined | null> {
  const { stderr, askLine, t } = context;
  const offers = repairs.map(({ kind, text }, index) => ({
    words: t(`paste.${kind}`, kind === 'use-one' ? { number: index + 1, masked: maskValue(text) } : {}),
    text: text as string | undefined,
  }));
  // A value that cannot be stored is not offered unchanged.
  if (findings.every(({ level }) => level !== 'error'))
    offers.push({ words: t('cli.paste.as-it-is'), text: undefined });
  for (const [index, { words }] of offers.entries()) stderr.line(`  ${index + 1}  ${words}`);
  const { signal } = new AbortController(); // Ctrl+C ends the command itself
  for (;;) {
    const typed = await askLine(`${t('cli.run.choose', { count: offers.length })} `, signal);
    if (typed === null) return null;
    const offer = offers[Number(typed.trim()) - 1];
    if (offer !== undefined) return offer.text;
  }
}
