/** `ECONNREFUSED`, `CERT_HAS_EXPIRED`: a message could repeat what was sent. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) ? code : 'UNKNOWN';
}

/** What an error says, for a log or a person. Something else that was thrown says itself. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
