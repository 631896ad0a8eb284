/** Says whether a name belongs to the settings of providers and agents. Case does not matter, as on Windows. */
export type IsRouting = (name: string) => boolean;

/** `*` in a name stands for any characters. */
export function routingOf(names: readonly string[]): IsRouting {
  const patterns = names.map((name) => new RegExp(`^${name.replaceAll('*', '.*')}$`, 'i'));
  return (name) => patterns.some((pattern) => pattern.test(name));
}
