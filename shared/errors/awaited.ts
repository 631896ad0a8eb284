import type { ErrorCode } from './codes.ts';

const AWAITED: readonly ErrorCode[] = [
  'MISSING_BYOK_CREDENTIAL',
  'CREDENTIAL_EXPIRED',
  'BYOK_CREDENTIAL_INVALID',
  // The question for the provider stands in the same place.
  'PROVIDER_UNDERIVABLE',
];

/** True for the errors that a credential, or the choice of its provider, mends: a turn can wait for that. */
export function isAwaited({ code }: { readonly code: ErrorCode }): boolean {
  return AWAITED.includes(code);
}
