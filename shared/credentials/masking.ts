const DOTS = '••••••••';
const MIN_LENGTH_FOR_TAIL = 20;
const TAIL = 4;

/**
 * The number of dots is always the same, because the length of a secret says something about it. Only long values of
 * one line show their end.
 */
export function maskValue(value: string): string {
  if (value.length < MIN_LENGTH_FOR_TAIL || /[\r\n]/.test(value)) return DOTS;
  return DOTS + value.slice(-TAIL);
}
