import { expect, it } from 'vitest';
import { createRefusalReportLimit } from './refusal-report-limit.ts';

const refused = (host: string) => ({ host, port: 443, reason: 'not-allowed' as const });

it('tells a refusal once a minute and turn, and never a flood', () => {
  let now = 0;
  const isNews = createRefusalReportLimit({ now: () => now });
  expect(isNews(refused('a.test'), undefined)).toBe(true);
  expect(isNews(refused('a.test'), undefined)).toBe(false);
  expect(isNews(refused('a.test'), 'turn')).toBe(true);
  expect(isNews({ ...refused('a.test'), port: 80 }, 'turn')).toBe(true);
  const told = Array.from({ length: 1000 }, (_, at) => isNews(refused(`${at}.test`), 'turn')).filter(Boolean);
  expect(told.length).toBeLessThan(60);
  now = 60_000;
  expect(isNews(refused('a.test'), 'turn')).toBe(true);
});
