import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Clock } from '../../ports.ts';
import type { Answer } from './classify.ts';

/** Milliseconds until an answer has to be there, its body included. */
export const PROBE_LIMIT_MS = 6000;
/** More of a body is not read, unless a request says so. */
export const MAX_BODY_BYTES = 64 * 1024;

export interface ProbeRequest {
  readonly url: string;
  /** The value is in one of these and nowhere else. */
  readonly headers: Readonly<Record<string, string>>;
  needsBody(status: number): boolean;
  readonly maxBytes?: number;
}

/** One GET. Never rejects, follows no redirect, and keeps no connection. */
export type Probe = (request: ProbeRequest) => Promise<Answer>;

export function createProbe({ clock }: { clock: Pick<Clock, 'after'> }): Probe {
  return ({ url, headers, needsBody, maxBytes = MAX_BODY_BYTES }) => {
    const settled = Promise.withResolvers<Answer>();
    const fail = (error: unknown) => settled.resolve({ kind: 'unreachable', cause: codeOf(error) });
    const send = new URL(url).protocol === 'https:' ? requestHttps : requestHttp;
    const request = send(url, {
      method: 'GET',
      headers: { accept: 'application/json', 'accept-encoding': 'identity', ...headers },
      agent: false,
      // Said outright: an environment variable could turn it off.
      rejectUnauthorized: true,
    });
    const stopTimer = clock.after(PROBE_LIMIT_MS, () => settled.resolve({ kind: 'timeout' }));
    request.on('error', fail);
    request.on('response', (response) => {
      response.on('error', fail);
      const status = response.statusCode ?? 0;
      if (!needsBody(status)) settled.resolve({ kind: 'answered', status, body: '' });
      else readBody(response, maxBytes, (body) => settled.resolve({ kind: 'answered', status, body }));
    });
    request.end();
    return settled.promise.finally(() => {
      stopTimer();
      request.destroy();
    });
  };
}

function readBody(response: IncomingMessage, maxBytes: number, onRead: (body: string) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const done = () => onRead(Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8'));
  response.on('end', done);
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= maxBytes) done();
  });
}

/** `ECONNREFUSED`, `CERT_HAS_EXPIRED`: a message could repeat what was sent. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) ? code : 'UNKNOWN';
}
