import { AuthorizationResponseError, ResponseBodyError } from 'oauth4webapi';
import { PerchError } from '../../../../shared/errors/perch-error.ts';

/** The meaning of a server's `error` for the user (RFC 6749 §4.1.2.1 and §5.2, RFC 8628 §3.5). */
export function refusalOf(code: string, provider: string): PerchError {
  switch (code) {
    case 'access_denied':
      return new PerchError('SIGN_IN_DENIED', { provider });
    case 'expired_token':
      return new PerchError('SIGN_IN_TIMED_OUT', { provider });
    default:
      return new PerchError('SIGN_IN_REFUSED', { provider, reason: wordOf(code) });
  }
}

/** Whatever a flow met, as an error for people. Texts of servers and libraries are not repeated: they may hold secrets. */
export function toRefusal(error: unknown, provider: string): PerchError {
  if (error instanceof PerchError) return error;
  if (error instanceof ResponseBodyError || error instanceof AuthorizationResponseError) {
    return refusalOf(error.error, provider);
  }
  const reason =
    error instanceof Error && error.cause instanceof Response ? `HTTP ${error.cause.status}` : 'invalid_answer';
  return new PerchError('SIGN_IN_REFUSED', { provider, reason });
}

/** Error codes are words; anything else is not shown. */
function wordOf(code: string): string {
  return /^[a-z][a-z_]{0,63}$/.test(code) ? code : 'unknown';
}
