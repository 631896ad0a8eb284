/** Node's own URL parser: lower case, IDNA, IPv4 in every notation that a resolver would take. */
export function parseHost(text: string): string {
  return URL.parse(`http://${text}`)?.hostname ?? '';
}
