import { expect, test } from 'vitest';
import window from '../../resources/locales/en/window.json' with { type: 'json' };
import { TITLED, titleKey } from './failure-title.ts';

test('each cause with a title has one, and there is no title without a cause', () => {
  const keys = Object.keys(window).filter((key) => key.startsWith('failure.title.'));
  expect(keys.toSorted()).toEqual(TITLED.map((code) => `failure.title.${code}`).toSorted());
});

test('what has no title of its own failed, or is lost', () => {
  expect(titleKey({ code: 'INTERNAL', values: {} }, 'failed')).toBe('failure.failed');
  expect(titleKey({ code: 'PROVIDER_OVERLOADED', values: {} }, 'lost')).toBe('failure.lost');
  expect(titleKey({ code: 'PROVIDER_OVERLOADED', values: {} }, 'failed')).toBe('failure.title.PROVIDER_OVERLOADED');
});
