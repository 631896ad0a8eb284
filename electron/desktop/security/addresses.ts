/** The one origin of the window. A scheme of our own: `file:` would share its origin with every file of the disk. */
export const WINDOW_SCHEME = 'app';
const WINDOW_HOST = 'perch';
export const WINDOW_ADDRESS = `${WINDOW_SCHEME}://${WINDOW_HOST}/`;

/** True for addresses of our own window, by parts: a prefix is fooled by `app://perch.evil/` and `app://perch@evil/`. */
export function isWindowAddress(address: string): boolean {
  const url = URL.parse(address);
  return (
    url !== null &&
    url.protocol === `${WINDOW_SCHEME}:` &&
    url.host === WINDOW_HOST &&
    url.username === '' &&
    url.password === ''
  );
}

/** True for a file that our own window made and offers for saving: nothing that came over a network is one. */
export function isWindowFile(address: string): boolean {
  return address.startsWith('blob:') && isWindowAddress(address.slice('blob:'.length));
}

/**
 * The address to hand to the user's browser, or undefined. What an agent says may hold any link, so only https, and
 * only hosts that Perch itself names (provider and agent pages), whole, on the usual port.
 */
export function outsideAddress(address: string, knownHosts: ReadonlySet<string>): string | undefined {
  const url = URL.parse(address);
  if (url === null || url.protocol !== 'https:' || url.port !== '') return undefined;
  if (url.username !== '' || url.password !== '') return undefined;
  return knownHosts.has(url.hostname) ? url.href : undefined;
}

/** The hosts of addresses that come with Perch; what is no https address names none. */
export function hostsOf(addresses: readonly (string | undefined)[]): ReadonlySet<string> {
  const urls = addresses.map((address) => (address === undefined ? null : URL.parse(address)));
  return new Set(urls.flatMap((url) => (url?.protocol === 'https:' ? [url.hostname] : [])));
}
