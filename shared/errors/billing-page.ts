import type { WireError } from './perch-error.ts';

/** The page where credit is bought, of an error that credit mends. Undefined where it is not known. */
export function billingPageIn({ code, values: { billingPage } }: WireError): string | undefined {
  return code === 'PROVIDER_NO_CREDIT' && typeof billingPage === 'string' ? billingPage : undefined;
}
