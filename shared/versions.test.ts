import { expect, test } from 'vitest';
import { compareVersions } from './versions.ts';

test.each([
  ['1.2.3', '1.2.10'],
  ['2.1.197', '2.1.330'],
  ['0.9.0', '1.0.0'],
  ['1.0.0-rc.1', '1.0.0'],
  ['1.0.0-rc.2', '1.0.0-rc.10'],
  ['1.0.0-alpha', '1.0.0-alpha.1'],
  ['1.0.0-1', '1.0.0-beta'],
  ['v20.1.0', 'v22.0.0'],
  ['1.2', '1.2.1'],
])('%s is older than %s', (older, newer) => {
  expect(compareVersions(older, newer)).toBe(-1);
  expect(compareVersions(newer, older)).toBe(1);
});

test('a leading v and build metadata make no difference', () => {
  expect(compareVersions('v1.2.3+linux', '1.2.3')).toBe(0);
});
