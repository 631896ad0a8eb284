import { describe, expect, test } from 'vitest';
import { createTranslator } from '../../shared/i18n/translate.ts';
import { compactNumber, duration, fileSize, money, relativeTime, secondsUntil, shortPath } from './format.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const t = createTranslator({ 'time.seconds': '{seconds} s', 'time.minutes': '{minutes} min {seconds} s' });

describe('relative time', () => {
  test.each([
    [-5000, 'now'],
    [0, 'now'],
    [59_000, 'now'],
    [60_000, '1 min. ago'],
    [3 * 3_600_000, '3 hr. ago'],
    [86_400_000, 'yesterday'],
    [10 * 86_400_000, 'Nov 12, 2026'],
  ])('%i ms ago', (age, text) => {
    expect(relativeTime(NOW - age, NOW, 'en')).toBe(text);
  });

  test('in the language of the window', () => {
    expect(relativeTime(NOW - 60_000, NOW, 'de')).toBe('vor 1 Min.');
  });
});

test.each([
  [840, '0.8 s'],
  [42_400, '42 s'],
  [185_000, '3 min 5 s'],
])('%i ms last %s', (ms, text) => {
  expect(duration(ms, t, 'en')).toBe(text);
});

test('figures', () => {
  expect(compactNumber(12_431, 'en')).toBe('12.4K');
  expect(fileSize(940, 'en')).toBe('0.9 kB');
  expect(fileSize(2_345_678, 'de')).toBe('2,3 MB');
  expect(money({ amount: 0.0042, currency: 'USD' }, 'en')).toBe('$0.0042');
  expect(money({ amount: 3, currency: 'credits' }, 'en')).toBe('3 credits');
  expect(secondsUntil(1000, 5000)).toBe(0);
  expect(secondsUntil(5001, 5000)).toBe(1);
});

test('a long path keeps its end', () => {
  expect(shortPath('/home/ada', 20)).toBe('/home/ada');
  expect(shortPath('/srv/projects/customers/monorepo/frontend', 20)).toBe('…/monorepo/frontend');
  expect(shortPath(`/${'x'.repeat(50)}`, 10)).toHaveLength(10);
});
