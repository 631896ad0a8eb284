import { getCACertificates } from 'node:tls';

/** What a TLS connection of Perch's own trusts. Said outright: an environment variable could turn the check off. */
export function trusted(certificates: string | undefined): { rejectUnauthorized: true; ca?: string[] } {
  if (certificates === undefined) return { rejectUnauthorized: true };
  return { rejectUnauthorized: true, ca: [...getCACertificates('default'), certificates] };
}

/** `ECONNREFUSED`, `CERT_HAS_EXPIRED`: a message could repeat what was sent. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) ? code : 'UNKNOWN';
}
