import { getCACertificates } from 'node:tls';

/**
 * The certificates that a TLS connection of Perch's own trusts. The option is explicit, because an environment variable
 * could turn the check off.
 */
export function trusted(certificates: string | undefined): { rejectUnauthorized: true; ca?: string[] } {
  if (certificates === undefined) return { rejectUnauthorized: true };
  return { rejectUnauthorized: true, ca: [...getCACertificates('default'), certificates] };
}
