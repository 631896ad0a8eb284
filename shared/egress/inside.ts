/** Where the egress proxy is, seen from inside a sandbox: one port for HTTP and SOCKS5. */
export const PROXY_INSIDE = { address: '127.0.0.1', port: 3128 } as const;

/** The variables by which programs find a proxy, in both spellings; Node reads them only when told to. */
export function proxyVariables(
  { url, exceptions = [] }: { url: string; exceptions?: readonly string[] } = {
    url: `http://${PROXY_INSIDE.address}:${PROXY_INSIDE.port}`,
  },
): [name: string, value: string][] {
  // Agents talk to servers of their own there. A model server of the host's is there too, at its own address and port.
  const noProxy = ['localhost', '127.0.0.1', '::1', ...exceptions].join(',');
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
