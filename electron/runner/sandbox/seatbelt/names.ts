/** Letters that a file system without case also takes for the same letter. */
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

/** Git's hooks, as githooks(5) names them. */
export const HOOKS: readonly string[] = [
  ...['applypatch-msg', 'pre-applypatch', 'post-applypatch', 'pre-commit', 'pre-merge-commit', 'prepare-commit-msg'],
  ...['commit-msg', 'post-commit', 'pre-rebase', 'post-checkout', 'post-merge', 'pre-push', 'pre-receive', 'update'],
  ...['proc-receive', 'post-receive', 'post-update', 'reference-transaction', 'push-to-checkout', 'pre-auto-gc'],
  ...['post-rewrite', 'sendemail-validate', 'fsmonitor-watchman', 'post-index-change'],
  ...['p4-changelist', 'p4-prepare-changelist', 'p4-post-changelist', 'p4-pre-submit'],
];
