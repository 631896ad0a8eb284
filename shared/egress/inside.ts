import type { NetworkRules } from './rules.ts';

/** Where the egress proxy is, seen from inside a sandbox: one port for HTTP and SOCKS5. */
export const PROXY_INSIDE = { address: '127.0.0.1', port: 3128 } as const;

/** What programs read to find a proxy, in both spellings; Node does so only when told to. */
export function proxyVariables({ loopback }: Pick<NetworkRules, 'loopback'>): [name: string, value: string][] {
  const url = `http://${PROXY_INSIDE.address}:${PROXY_INSIDE.port}`;
  const own = new Set(loopback.map(({ address }) => address));
  // The sandbox's own loopback is reached without the proxy; a model server of the host's only with it.
  const without = ['127.0.0.1', '::1'].filter((address) => !own.has(address));
  const noProxy = [...(own.size === 2 ? [] : ['localhost']), ...without].join(',');
  const both = (name: string, value: string): [string, string][] => [
    [name, value],
    [name.toLowerCase(), value],
  ];
  return [
    ...both('HTTP_PROXY', url),
    ...both('HTTPS_PROXY', url),
    ...both('ALL_PROXY', url),
    ...both('NO_PROXY', noProxy),
    ['NODE_USE_ENV_PROXY', '1'],
  ];
}
