/** What a file system that ignores case takes for the same letter, beside the other case. */
const TWINS: Readonly<Record<string, string>> = { s: 'ſ', k: 'K' };

/** Regular expression source for a name in any spelling of its case; `*` stands for any text without a slash. */
export function namePattern(name: string): string {
  return [...name].map(characterPattern).join('');
}

function characterPattern(character: string): string {
  if (character === '*') return '[^/]*';
  const [lower, upper] = [character.toLowerCase(), character.toUpperCase()];
  if (lower === upper) return character.replace(/[\\^$.|?+()[\]{}]/, '\\$&');
  const twin = TWINS[lower];
  return twin === undefined ? `[${lower}${upper}]` : `(${lower}|${upper}|${twin})`;
}
