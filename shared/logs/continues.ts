/**
 * A line that goes on with what the line before it began: a frame of a stack, a field of a printed object, a cause.
 * Pure.
 */
export function continues(line: string): boolean {
  return /^(?:\s|[}\])]+(?:[,;]|\s*[{[(])?\s*$|Caused by: |Node\.js v\d)/.test(line);
}
