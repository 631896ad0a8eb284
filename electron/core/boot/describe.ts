/** Characters of a reason that are kept, after it was redacted. */
const MAX_CHARS = 6000;
const MAX_CAUSES = 5;

/** An error with its stack and its causes, for the person who looks for the fault. Not redacted. */
export function describeFailure(error: unknown): string {
  const parts: string[] = [];
  for (let each = error; each !== undefined && parts.length < MAX_CAUSES; ) {
    parts.push(each instanceof Error ? (each.stack ?? `${each.name}: ${each.message}`) : String(each));
    each = each instanceof Error ? each.cause : undefined;
  }
  return parts.join('\ncaused by ');
}

/** The code of one of our errors, or of Node's: `DATABASE_TOO_NEW`, `ERR_MODULE_NOT_FOUND`. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : undefined;
}

/** Refusals of a start that its caller has already been told: they are not reported a second time. */
const OWN_DOING: readonly string[] = ['ALREADY_RUNNING', 'PORT_NOT_ALLOWED', 'PORT_TAKEN', 'USAGE'];

export function isOwnDoing(error: unknown): boolean {
  return OWN_DOING.includes(codeOf(error) ?? '');
}

export function cutReason(text: string): string {
  return text.length <= MAX_CHARS ? text : `${text.slice(0, MAX_CHARS).toWellFormed()} …`;
}
