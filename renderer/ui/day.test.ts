import { expect, test } from 'vitest';
import { dayBegun, timeOfDay } from './day.ts';

const line = (at: Date | string) => ({
  time: typeof at === 'string' ? at : at.toISOString(),
  level: 'info' as const,
  source: 'acp',
  message: '',
});
const evening = new Date(2026, 10, 22, 23, 59, 59, 7);
const night = new Date(2026, 10, 23, 0, 0, 0, 1);

test('a line has the time of the reader’s clock', () => {
  expect(timeOfDay(evening.toISOString())).toBe('23:59:59.007');
  expect(timeOfDay('whenever')).toBe('whenever');
});

test('a day is named where it begins', () => {
  expect(dayBegun(line(evening), undefined, 'en')).toBe('Sunday, November 22, 2026');
  expect(dayBegun(line(night), line(evening), 'de')).toBe('Montag, 23. November 2026');
  expect(dayBegun(line(night), line(night), 'en')).toBeUndefined();
  expect(dayBegun(line('whenever'), line(night), 'en')).toBeUndefined();
});
