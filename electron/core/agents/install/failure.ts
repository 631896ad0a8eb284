import { z } from 'zod';
import type { ErrorCode } from '../../../../shared/errors/codes.ts';
import { type ErrorValues, PerchError } from '../../../../shared/errors/perch-error.ts';

const reportSchema = z.object({
  error: z.object({ code: z.string().default(''), summary: z.string().default(''), detail: z.string().default('') }),
});

/** npm's codes, by what the user can do about them. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  ...all('INSTALL_UNREACHABLE', [
    'ENOTFOUND',
    'EAI_AGAIN',
    'ECONNREFUSED',
    'ECONNRESET',
    'ENETUNREACH',
    'EHOSTUNREACH',
    'ETIMEDOUT',
    'ERR_SOCKET_TIMEOUT',
    'FETCH_ERROR',
  ]),
  ...all('INSTALL_CERTIFICATE', [
    'SELF_SIGNED_CERT_IN_CHAIN',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'CERT_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ]),
  ...all('INSTALL_REFUSED', ['E401', 'E403', 'E407', 'ENEEDAUTH', 'EOTP']),
  ...all('INSTALL_NOT_FOUND', ['E404', 'ETARGET', 'ENOVERSIONS']),
  ...all('INSTALL_DAMAGED', [
    'EINTEGRITY',
    'TAR_BAD_ARCHIVE',
    'TAR_ENTRY_INVALID',
    'ZLIB_ERROR',
    'Z_DATA_ERROR',
    'Z_BUF_ERROR',
  ]),
  ...all('DISK_FULL', ['ENOSPC', 'EDQUOT']),
};

/**
 * Explains a failed installation from the object that npm prints. `values` goes into every such sentence; `redact`
 * covers npm's own words.
 */
export function failureOf(
  output: string,
  { values, redact }: { values: ErrorValues; redact: (text: string) => string },
): PerchError {
  const { code, summary } = reportOf(output);
  const reason = redact(firstSentence(summary)) || code || 'npm did not say why';
  return new PerchError(CODES[code] ?? 'INSTALL_FAILED', { ...values, reason });
}

function reportOf(output: string): { code: string; summary: string } {
  try {
    return reportSchema.parse(JSON.parse(output)).error;
  } catch {
    // npm ended without its report, killed or out of memory.
    return { code: '', summary: '' };
  }
}

/** Without what an address may hold of a name and password. */
function firstSentence(text: string): string {
  const line = text.split('\n').find((one) => one.trim() !== '') ?? '';
  return line
    .replace(/\/\/[^/\s@]+@/g, '//')
    .trim()
    .slice(0, 200);
}

function all(code: ErrorCode, codes: readonly string[]): Record<string, ErrorCode> {
  return Object.fromEntries(codes.map((one) => [one, code]));
}
