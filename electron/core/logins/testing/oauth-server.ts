import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export const CLIENT_ID = 'perch-test';

/** A real OAuth server on this machine, whose user agrees to everything as soon as asked. */
export async function startOAuthServer() {
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(url, {
    clients: [
      {
        client_id: CLIENT_ID,
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
        response_types: ['code'],
        redirect_uris: ['http://127.0.0.1/callback'],
      },
    ],
    cookies: { keys: ['a key of a test'] },
    features: { devInteractions: { enabled: false }, deviceFlow: { enabled: true } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, accountId) => ({ accountId, claims: async () => ({ sub: accountId }) }),
    async loadExistingGrant({ oidc }) {
      const { client, session } = oidc;
      return await granted(client?.clientId ?? '', session?.accountId ?? '');
    },
    issueRefreshToken: async () => true,
    ttl: {
      AccessToken: 3600,
      AuthorizationCode: 60,
      DeviceCode: 600,
      Grant: 3600,
      Interaction: 600,
      RefreshToken: 3600,
      Session: 3600,
    },
  });
  const handler = provider.callback();

  async function granted(clientId: string, accountId: string) {
    const grant = new provider.Grant({ clientId, accountId });
    grant.addOIDCScope('openid offline_access');
    await grant.save();
    return grant;
  }
  async function handle(...[request, response]: Parameters<typeof handler>): Promise<void> {
    if (!request.url?.startsWith('/interaction/')) return await handler(request, response);
    return await provider.interactionFinished(request, response, { login: { accountId: 'somebody' }, consent: {} });
  }

  return {
    url,
    authorizationUrl: `${url}/auth`,
    tokenUrl: `${url}/token`,
    deviceUrl: `${url}/device/auth`,
    /** What the user does on the verification page. */
    async decide(userCode: string, decision: 'allow' | 'deny'): Promise<void> {
      const code = await provider.DeviceCode.findByUserCode(userCode.replaceAll('-', ''));
      if (code === undefined) throw new Error('no such user code');
      if (decision === 'deny') code.error = 'access_denied';
      else {
        code.accountId = 'somebody';
        code.grantId = (await granted(CLIENT_ID, 'somebody')).jti;
        code.scope = 'openid';
        code.claims = {};
      }
      await code.save();
    },
    /** Whether the server takes the token for one that it issued. */
    async knows(token: string): Promise<boolean> {
      return (await provider.AccessToken.find(token)) !== undefined;
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Follows redirects as a browser does, cookies and all, until an address is not of `origin`; returns that address. */
export async function browse(url: string, origin: string): Promise<string> {
  const cookies = new Map<string, string>();
  let next = url;
  while (next.startsWith(origin)) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(next, { redirect: 'manual', headers: { cookie } });
    await response.arrayBuffer();
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${response.status} without a way on`);
    next = new URL(location, next).href;
  }
  return next;
}
