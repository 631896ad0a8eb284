/** Two texts by their lines: what both begin with, what only one of them has, what both end with. */
interface ChangedLines {
  readonly before: readonly string[];
  readonly removed: readonly string[];
  readonly added: readonly string[];
  readonly after: readonly string[];
}

/** Linear, and right for an edit in one place, which is what a tool call reports. */
export function changedLines(oldText: string, newText: string): ChangedLines {
  // A final line break ends the last line and begins no new one; where only one text has it, that is the change.
  const exact = oldText !== '' && newText !== '' && oldText.endsWith('\n') !== newText.endsWith('\n');
  const [old, now] = [linesOf(oldText, exact), linesOf(newText, exact)];
  const start = common(Math.min(old.length, now.length), (at) => old[at] === now[at]);
  const rest = Math.min(old.length, now.length) - start;
  const end = common(rest, (at) => old[old.length - 1 - at] === now[now.length - 1 - at]);
  return {
    before: old.slice(0, start),
    removed: old.slice(start, old.length - end),
    added: now.slice(start, now.length - end),
    after: old.slice(old.length - end),
  };
}

function linesOf(text: string, exact: boolean): string[] {
  const lines = text.split('\n');
  if (!exact && lines.at(-1) === '') lines.pop();
  return lines;
}

function common(most: number, alike: (at: number) => boolean): number {
  let count = 0;
  while (count < most && alike(count)) count += 1;
  return count;
}
