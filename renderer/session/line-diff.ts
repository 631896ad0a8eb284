import { changedLines } from '../../shared/permissions/changed-lines.ts';

interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added' | 'skipped';
  readonly text: string;
}

const CONTEXT = 3;

/** The lines between the common beginning and the common end, with a little of both around them. */
export function lineDiff(oldText: string | null, newText: string): DiffLine[] {
  const { before, removed, added, after } = changedLines(oldText ?? '', newText);
  const as = (kind: DiffLine['kind']) => (text: string) => ({ kind, text });
  return [
    ...(before.length > CONTEXT ? [skipped] : []),
    ...before.slice(-CONTEXT).map(as('same')),
    ...removed.map(as('removed')),
    ...added.map(as('added')),
    ...after.slice(0, CONTEXT).map(as('same')),
    ...(after.length > CONTEXT ? [skipped] : []),
  ];
}

const skipped: DiffLine = { kind: 'skipped', text: '⋯' };
