const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** How a value names a variable. */
export function referenceTo(name: string): string {
  return `\${${name}}`;
}

/** The variables that a value of an MCP server names, each once. */
export function referencesIn(text: string): string[] {
  return [...new Set([...text.matchAll(REFERENCE)].map(([, name = '']) => name))];
}

/** @param value answers undefined for what there is none of: the reference then stays as it is */
export function fillReferences(text: string, value: (name: string) => string | undefined): string {
  return text.replace(REFERENCE, (whole, name: string) => value(name) ?? whole);
}
