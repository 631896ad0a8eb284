import { describe, expect, test } from 'vitest';
import type { Params } from '../../../shared/contract/methods.ts';
import type { LogName, PositionedLogLine } from '../../../shared/model/log-position.ts';
import { commandLine, NOW } from '../testing/command-line.ts';

const LOG = 'session:7b0f6f0e-4f0e-4c46-9d6a-0d8a4ff5a009';

/** A log of so many lines, of which every tenth is an error. */
function withLog(count: number) {
  const lines = Array.from({ length: count }, (_, index): PositionedLogLine => {
    const level = index % 10 === 9 ? 'error' : 'info';
    const position = { log: 'runner' as LogName, segment: 1, offset: index * 10 };
    return { time: new Date(NOW).toISOString(), level, source: 'test', message: `line ${index}`, position };
  });
  return commandLine({
    handlers: {
      'logs.read': async ({ log, from, before, after, minLevel }: Params<'logs.read'>) => {
        const at = from === undefined ? lines.length : from.offset / 10;
        const fits = (line: PositionedLogLine) => minLevel === undefined || line.level === minLevel;
        const earlier = lines.slice(0, at).filter(fits).slice(-before);
        const later = lines.slice(at).filter(fits).slice(0, after);
        const end = later.at(-1);
        const offset = end === undefined ? Math.max(at, 0) * 10 : end.position.offset + 10;
        return {
          lines: before === 0 ? later : [...earlier, ...later],
          next: { log, segment: 1, offset },
          positionGone: false,
        };
      },
    },
  });
}
const shown = async (cli: ReturnType<typeof commandLine>) =>
  (await cli.out()).split('\n').flatMap((line) => (line === '' ? [] : [line.replace(/ .*: /, ' ')]));

test('level, text and time choose the lines', async () => {
  const cli = commandLine();
  await cli.run('logs', 'core', '--level', 'warn', '--grep', 'Broken', '--since', '2h');
  expect(cli.calls.at(-1)?.params).toEqual({
    log: 'core',
    from: { log: 'core', segment: 1, offset: 0 },
    before: 0,
    after: 1000,
    minLevel: 'warn',
    text: 'Broken',
    since: NOW - 7_200_000,
  });
});

test('a time is a time', async () => {
  const cli = commandLine();
  await cli.run('logs', '--since', '2025-12-31T10:00:00Z');
  expect(cli.calls.at(-1)?.params).toMatchObject({ since: Date.UTC(2025, 11, 31, 10) });
});

test('as many lines from the end as are asked for, over many answers', async () => {
  const cli = withLog(4000);
  expect(await cli.run('logs', '--lines', '2500')).toBe(0);
  const lines = await shown(cli);
  expect(lines).toHaveLength(2500);
  expect(lines[0]).toBe(' line 1500');
  expect(lines.at(-1)).toBe(' line 3999');
  expect(new Set(lines).size).toBe(2500);
});

test('everything since a time, over many answers', async () => {
  const cli = withLog(2300);
  expect(await cli.run('logs', '--since', '1d')).toBe(0);
  expect(await shown(cli)).toHaveLength(2300);
});

test('the last error, with what was before it', async () => {
  const cli = withLog(100);
  expect(await cli.run('logs', 'runner', '--failure')).toBe(0);
  const lines = await shown(cli);
  expect(lines).toHaveLength(41);
  expect(lines.filter((line) => line.startsWith('>'))).toEqual(['> line 99']);
});

describe('nothing to show', () => {
  test.each([
    ['an empty log', ['logs'], 0, 'This log is still empty'],
    ['nothing that fits', ['logs', '--grep', 'x'], 0, 'No line of this log matches'],
    ['no failure', ['logs', '--failure'], 1, 'This log contains no error'],
  ])('%s', async (_, argv, status, sentence) => {
    const cli = withLog(0);
    expect(await cli.run(...argv)).toBe(status);
    expect(await cli.err()).toContain(sentence);
    expect(await cli.out()).toBe('');
  });
});

test('its file is shown in the file manager, or named where there is none', async () => {
  const file = (revealed: boolean) =>
    commandLine({ handlers: { 'logs.file': async () => ({ path: '/data/logs/runner/000001.log', revealed }) } });
  const there = file(true);
  expect(await there.run('logs', LOG, '--reveal')).toBe(0);
  expect(there.calls.at(-1)?.params).toEqual({ log: LOG, reveal: true });
  expect(await there.out()).toBe('/data/logs/runner/000001.log\n');
  const nowhere = file(false);
  expect(await nowhere.run('logs', '--reveal')).toBe(1);
  expect(await nowhere.err()).toContain('/data/logs/runner/000001.log');
});

test('the logs are listed by the names under which they are opened', async () => {
  const logs = [
    { log: 'runner' as const, bytes: 1234, modifiedAt: NOW },
    { log: LOG as LogName, bytes: 5, modifiedAt: NOW - 1 },
  ];
  const cli = commandLine({ handlers: { 'logs.list': async () => ({ logs }) } });
  expect(await cli.run('logs', 'list')).toBe(0);
  expect(await cli.out()).toContain(`${LOG}  5`);
  const json = commandLine({ handlers: { 'logs.list': async () => ({ logs }) } });
  await json.run('logs', 'list', '--json');
  expect(JSON.parse(await json.out())).toEqual({ logs });
});

test.each([
  ['--level', 'loud'],
  ['--lines', '0'],
  ['--lines', '1e3'],
  ['--lines', '100001'],
  ['--since', 'yesterday'],
  ['--grep', 'x'.repeat(201)],
])('%s %s is refused', async (option, value) => {
  const cli = commandLine();
  expect(await cli.run('logs', option, value)).toBe(2);
  expect(await cli.err()).toContain(option);
});

test('one way to say where to begin', async () => {
  expect(await commandLine().run('logs', '--lines', '5', '--failure')).toBe(2);
});
