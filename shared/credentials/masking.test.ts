import { expect, test } from 'vitest';
import { maskValue } from './masking.ts';

test.each([
  ['', '••••••••'],
  ['short', '••••••••'],
  [`${'x'.repeat(15)}abcd`, '••••••••'],
  [`${'x'.repeat(16)}abcd`, '••••••••abcd'],
  ['-----BEGIN KEY-----\nabc\n-----END KEY-----', '••••••••'],
])('%s is shown as %s', (value, masked) => {
  expect(maskValue(value)).toBe(masked);
});
