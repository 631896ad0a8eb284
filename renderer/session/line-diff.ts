export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added' | 'skipped';
  readonly text: string;
}

const CONTEXT = 3;

/**
 * The lines between the common beginning and the common end, with a little of both around them. Linear, and
 * right for an edit in one place, which is what a tool call reports.
 */
export function lineDiff(oldText: string | null, newText: string): DiffLine[] {
  const before = linesOf(oldText ?? '');
  const after = linesOf(newText);
  const start = commonStart(before, after);
  const end = commonEnd(before.slice(start), after.slice(start));
  return [
    ...(start > CONTEXT ? [skipped] : []),
    ...before.slice(Math.max(0, start - CONTEXT), start).map((text) => ({ kind: 'same' as const, text })),
    ...before.slice(start, before.length - end).map((text) => ({ kind: 'removed' as const, text })),
    ...after.slice(start, after.length - end).map((text) => ({ kind: 'added' as const, text })),
    ...before
      .slice(before.length - end, before.length - end + Math.min(end, CONTEXT))
      .map((text) => ({ kind: 'same' as const, text })),
    ...(end > CONTEXT ? [skipped] : []),
  ];
}

/** A final line break ends the last line; it begins no new one. */
function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

const skipped: DiffLine = { kind: 'skipped', text: '⋯' };

function commonStart(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a[count] === b[count]) count += 1;
  return count;
}

function commonEnd(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a[a.length - 1 - count] === b[b.length - 1 - count]) count += 1;
  return count;
}
