import type { IncomingMessage } from 'node:http';

/**
 * Headers of one connection rather than of the message (RFC 9110, section 7.6.1), and those that a client addresses to
 * its proxy alone.
 */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** The target of the request says it, once. */
const REPLACED = 'host';

/**
 * Names and values in turn, as they came, without what is not to be passed on. How the body is framed stays: Node's
 * parser has refused whatever gives two lengths.
 */
export function endToEndHeaders({ headers, rawHeaders }: Pick<IncomingMessage, 'headers' | 'rawHeaders'>): string[] {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  // A client must not make a proxy lose what frames the message.
  const dropped = new Set(named.filter((name) => name !== 'content-length'));
  const kept: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    const lower = name.toLowerCase();
    if (HOP_BY_HOP.has(lower) || dropped.has(lower) || lower === REPLACED) continue;
    kept.push(name, rawHeaders[at + 1] ?? '');
  }
  if (headers['transfer-encoding'] !== undefined) kept.push('Transfer-Encoding', 'chunked');
  return kept;
}
