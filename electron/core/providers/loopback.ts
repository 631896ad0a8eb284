/**
 * True when a host name, as a URL gives it or in any notation that a URL takes (`127.1`, `0x7f000001`, `::1`), is this
 * very machine. `0.0.0.0` and `::` are not: they mean every interface. Names under `.localhost` are not: a resolver may
 * send them elsewhere.
 */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  const normal = normalise(bare.includes(':') ? `[${bare}]` : bare);
  if (normal === 'localhost' || normal === 'localhost.' || normal === '[::1]') return true;
  if (/^127\.\d+\.\d+\.\d+$/.test(normal)) return true;
  // IPv4 inside IPv6, as URLs write it: 127.0.0.0/8 is ::ffff:7f00:0 to ::ffff:7fff:ffff.
  return /^\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\]$/.test(normal);
}

function normalise(host: string): string {
  // Anything else would move the end of the host name.
  if (!/^(?:\[[0-9a-f:.]+\]|[\p{L}\p{N}._-]+)$/iu.test(host)) return '';
  const url = URL.parse(`http://${host}`);
  return url === null ? '' : url.hostname;
}
