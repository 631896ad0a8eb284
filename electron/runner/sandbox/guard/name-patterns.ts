/** True when a list like the policy's `guard.empty` matches a name: `*` is any text, `!` takes names out again. */
export function matchesPatterns(name: string, patterns: readonly string[]): boolean {
  const meant = patterns.filter((pattern) => !pattern.startsWith('!'));
  return meant.some((pattern) => matches(name, pattern)) && !isTakenOut(name, patterns);
}

export function isTakenOut(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => pattern.startsWith('!') && matches(name, pattern.slice(1)));
}

function matches(name: string, pattern: string): boolean {
  const [start = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return name === pattern;
  const end = rest.at(-1) ?? '';
  return name.length >= start.length + end.length && name.startsWith(start) && name.endsWith(end);
}
