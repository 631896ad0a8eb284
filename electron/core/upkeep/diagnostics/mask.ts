import { homedir } from 'node:os';
import type { Redactor } from '../../../../shared/redaction/redactor.ts';

export type Mask = (value: unknown) => string;

/**
 * A value as JSON text in which no known secret is left, and the user's home is `~`. Each text in it is masked before
 * it is written as JSON, and the whole after it: whatever JSON escapes cannot hide a value.
 */
export function createMask(redactor: Pick<Redactor, 'redact'>, home: string = homedir()): Mask {
  const maskText = (text: string) => {
    const masked = redactor.redact(text);
    return home.length > 1 ? masked.replaceAll(home, '~') : masked;
  };
  const maskDeep = (value: unknown): unknown => {
    if (typeof value === 'string') return maskText(value);
    if (Array.isArray(value)) return value.map(maskDeep);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [maskText(name), maskDeep(each)]));
  };
  return (value) => maskText(JSON.stringify(maskDeep(value), null, 1));
}

/** Many values, one a line. */
export function maskLines(mask: Mask, values: readonly unknown[]): string {
  return values.map((value) => `${mask(value).replace(/\n */g, ' ')}\n`).join('');
}
