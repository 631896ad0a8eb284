import type { OneTimeTokens, SignedInBrowsers } from './one-time-tokens.ts';

/** The parts of a request that decide whether it is answered. */
export interface RequestFacts {
  readonly method: string | undefined;
  /** Path and query, as they came. */
  readonly target: string | undefined;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly cookie: string | undefined;
  readonly secFetchSite: string | undefined;
  /** Browsers name their speculative requests: those must not use a token up. */
  readonly secPurpose: string | undefined;
}

type Admission =
  /** The token was good: the browser gets this cookie and is sent to the window. */
  | { readonly kind: 'sign-in'; readonly cookie: string; readonly fromOtherSite: boolean }
  | { readonly kind: 'file'; readonly path: string }
  /** Wrong host, wrong token, no cookie, no such thing: one answer for every case. */
  | { readonly kind: 'not-found' };

interface Admissions {
  request(facts: RequestFacts): Admission;
  /** True when a WebSocket may be opened. */
  webSocket(facts: RequestFacts): boolean;
  readonly cookieName: string;
}

/** Where the WebSocket is, inside the window's place. */
const WEB_SOCKET_NAME = 'ws';

const NOT_FOUND: Admission = { kind: 'not-found' };

/**
 * Decides who is let in on 127.0.0.1:`port`. It answers to its own two names alone, so no name of others leads here.
 * @param options.place the path below which the window is, `/…/`: random, and the cookie's own path
 */
export function createAdmissions(options: {
  port: number;
  place: string;
  tokens: Pick<OneTimeTokens, 'redeem'>;
  browsers: SignedInBrowsers;
}): Admissions {
  const { port, place, tokens, browsers } = options;
  // Browsers share cookies between all ports of a host. The name keeps two Perches apart; the path, which is secret,
  // keeps the cookie from the servers that an agent may start on other ports.
  const cookieName = `perch-${port}`;
  const ownHost = (host: string | undefined) => host === `127.0.0.1:${port}` || host === `localhost:${port}`;
  const signedIn = ({ cookie }: RequestFacts) => browsers.has(readCookie(cookie, cookieName) ?? '');

  return {
    cookieName,
    request(facts) {
      if (!ownHost(facts.host) || (facts.method !== 'GET' && facts.method !== 'HEAD')) return NOT_FOUND;
      const { path, token } = parseTarget(facts.target);
      if (token !== undefined) {
        const redeemed = facts.method === 'GET' && facts.secPurpose === undefined && tokens.redeem(token);
        if (path !== '/' || !redeemed) return NOT_FOUND;
        return { kind: 'sign-in', cookie: browsers.signIn(), fromOtherSite: facts.secFetchSite === 'cross-site' };
      }
      if (!path.startsWith(place) || !signedIn(facts)) return NOT_FOUND;
      return { kind: 'file', path: path.slice(place.length - 1) };
    },
    webSocket(facts) {
      const sameOrigin = facts.origin === `http://${facts.host}`;
      const here = facts.method === 'GET' && facts.target === `${place}${WEB_SOCKET_NAME}`;
      return here && ownHost(facts.host) && sameOrigin && signedIn(facts);
    },
  };
}

/** The path is taken as it came: it is only ever compared with the paths of known files. */
function parseTarget(target = ''): { path: string; token?: string } {
  const [path = '', query] = target.split('?', 2);
  const token = query === undefined ? null : new URLSearchParams(query).get('token');
  return token === null ? { path } : { path, token };
}

function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name) return value;
  }
  return undefined;
}
