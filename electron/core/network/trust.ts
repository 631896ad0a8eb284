import { getCACertificates } from 'node:tls';

/** What a TLS connection of Perch's own trusts. Said outright: an environment variable could turn the check off. */
export function trusted(certificates: string | undefined): { rejectUnauthorized: true; ca?: string[] } {
  if (certificates === undefined) return { rejectUnauthorized: true };
  return { rejectUnauthorized: true, ca: [...getCACertificates('default'), certificates] };
}
