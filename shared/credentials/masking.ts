const DOTS = '••••••••';
const MIN_LENGTH_FOR_TAIL = 20;
const TAIL = 4;

/** Always the same number of dots: the length is nobody's business. The end only of long values of one line. */
export function maskValue(value: string): string {
  if (value.length < MIN_LENGTH_FOR_TAIL || /[\r\n]/.test(value)) return DOTS;
  return DOTS + value.slice(-TAIL);
}
