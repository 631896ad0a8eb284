import type { UpstreamProxy } from '../../../../shared/model/egress.ts';

/**
 * The network that the user set in Perch, as npm reads it. The proxy's password goes into npm's environment and nowhere
 * else. `certificates`: a file of the user's own ones.
 */
export function networkVariables(
  proxy: UpstreamProxy | undefined,
  certificates: string | undefined,
): Record<string, string> {
  const own = certificates === undefined ? {} : { NODE_EXTRA_CA_CERTS: certificates };
  if (proxy === undefined) return own;
  const address = addressOf(proxy);
  const exceptions = proxy.exceptions.map((text) => text.replace(/^\*(?=\.)/, '')).join(',');
  // In both cases: which one a program reads first differs.
  const named = (name: string, value: string) => ({ [name]: value, [name.toLowerCase()]: value });
  return {
    ...own,
    ...named('HTTPS_PROXY', address),
    ...named('HTTP_PROXY', address),
    ...named('NO_PROXY', exceptions),
  };
}

function addressOf({ protocol, host, port, authorization }: UpstreamProxy): string {
  const url = new URL(`${protocol}://${host.includes(':') ? `[${host}]` : host}:${port}`);
  const [, encoded] = /^Basic (.+)$/.exec(authorization ?? '') ?? [];
  if (encoded !== undefined) {
    const [userName = '', password = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(/:(.*)/s);
    url.username = encodeURIComponent(userName);
    url.password = encodeURIComponent(password);
  }
  return url.href;
}
