import { canonicalException } from '../../../shared/egress/exceptions.ts';
import { canonicalHost, type Host } from '../../../shared/egress/host-name.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { parseHost } from '../../node/parse-host.ts';

interface ProxyAddress {
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly port: number;
}

/** An address as a user or a variable gives it, possibly with a user name and a password. */
interface GivenAddress extends ProxyAddress {
  /** Scheme, host and port. */
  readonly url: string;
  readonly userName: string | undefined;
  readonly password: string | undefined;
}

/**
 * `http://proxy.example.com:3128`, also without the scheme. Without a port: 80 and 443, as browsers do.
 * @throws PerchError PROXY_ADDRESS_INVALID, which repeats nothing before an `@`
 */
export function parseProxyAddress(text: string): GivenAddress {
  const trimmed = text.trim();
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`);
  const host = url === null ? undefined : canonicalHost(url.hostname, parseHost);
  const protocol = url?.protocol.slice(0, -1);
  const isBare = url !== null && (url.pathname === '/' || url.pathname === '') && url.search === '' && url.hash === '';
  if (url === null || host === undefined || !isBare || (protocol !== 'http' && protocol !== 'https')) {
    throw new PerchError('PROXY_ADDRESS_INVALID', { address: trimmed.replace(/^.*@/s, '').slice(0, 200) });
  }
  const port = url.port === '' ? (protocol === 'http' ? 80 : 443) : Number(url.port);
  return {
    protocol,
    host: textOf(host),
    port,
    url: `${protocol}://${textOf(host).includes(':') ? `[${textOf(host)}]` : textOf(host)}:${port}`,
    userName: url.username === '' ? undefined : decoded(url.username),
    password: url.password === '' ? undefined : decoded(url.password),
  };
}

/** Each once, as they are kept. @throws PerchError PROXY_EXCEPTION_INVALID */
export function parseExceptions(texts: readonly string[]): string[] {
  const kept = texts
    .filter((text) => text.trim() !== '')
    .map((text) => {
      const exception = canonicalException(text, parseHost);
      if (exception !== undefined) return exception;
      throw new PerchError('PROXY_EXCEPTION_INVALID', { exception: text.trim().slice(0, 200) });
    });
  return [...new Set(kept)];
}

function textOf(host: Host): string {
  return host.kind === 'name' ? host.name : host.address;
}

/** A percent sign that stands for nothing stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
