import { expect, test } from 'vitest';
import type { FailureLine } from '../../shared/model/failure.ts';
import { decidingLines } from './deciding-lines.ts';

const line = (level: FailureLine['level'], message: string, cause?: true): FailureLine => ({
  time: '2026-11-22T11:58:01.120Z',
  level,
  source: 'agent.stderr',
  message,
  ...(cause ? { cause } : {}),
});
const told = (lines: readonly FailureLine[]) => decidingLines(lines).map(({ message }) => message);

test('chatter around a cause is left out', () => {
  const lines = [line('debug', 'a'), line('warn', 'b'), line('info', 'c'), line('error', 'd', true), line('info', 'e')];
  expect(told(lines)).toEqual(['b', 'd']);
});

test('the cause is there however much followed it', () => {
  const lines = [line('error', 'cause', true), ...Array.from({ length: 19 }, (_, at) => line('error', `${at}`))];
  expect(told(lines)).toEqual(['cause', '14', '15', '16', '17', '18']);
});

test('where nothing claims to be wrong the last lines are shown', () => {
  const lines = [line('debug', 'no'), ...Array.from({ length: 9 }, (_, at) => line('info', `${at}`))];
  expect(told(lines)).toEqual(['3', '4', '5', '6', '7', '8']);
  expect(told([])).toEqual([]);
});
