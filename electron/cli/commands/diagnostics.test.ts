import { expect, test } from 'vitest';
import type { Params } from '../../../shared/contract/methods.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { DIAGNOSTIC_PARTS } from '../../../shared/model/diagnostics.ts';
import { commandLine } from '../testing/command-line.ts';

const PLAN = {
  parts: DIAGNOSTIC_PARTS.map((part) => ({
    part,
    files: [{ name: `${part}.json`, bytes: 7 }],
    usual: part !== 'sessions' && part !== 'transcripts',
  })),
  secretsKnown: true,
};

/** A core on whose disk the named files are already. */
function withFiles(options: { there?: string; terminal?: boolean; typed?: string[] }) {
  const { there, terminal = false, typed = [] } = options;
  return commandLine({
    ...(terminal ? {} : { input: '' }),
    terminal,
    typed,
    handlers: {
      'diagnostics.plan': async () => ({ plan: PLAN }),
      'diagnostics.write': async ({ file = '/home/new.zip', overwrite }: Params<'diagnostics.write'>) => {
        if (file === there && !overwrite) throw new PerchError('DIAGNOSTICS_FILE_EXISTS', { file });
        return { file, bytes: 42, secretsKnown: true };
      },
    },
  });
}
const written = (cli: ReturnType<typeof withFiles>) =>
  cli.calls.flatMap(({ method, params }) => (method === 'diagnostics.write' ? [params as Params<typeof method>] : []));

test('on a terminal it lists, asks, and takes no for an answer', async () => {
  const cli = withFiles({ terminal: true, typed: ['n'] });
  expect(await cli.run('diagnostics')).toBe(1);
  expect(await cli.out()).toContain('versions.json');
  expect(cli.state.questions).toHaveLength(1);
  expect(written(cli)).toEqual([]);
});

test('a file that is there is overwritten only after a second yes', async () => {
  const kept = withFiles({ terminal: true, typed: ['y', ''], there: '/projects/here/a.zip' });
  expect(await kept.run('diagnostics', '--output', 'a.zip')).toBe(1);
  expect(written(kept).map(({ overwrite }) => overwrite)).toEqual([false]);
  const replaced = withFiles({ terminal: true, typed: ['y', 'yes'], there: '/projects/here/a.zip' });
  expect(await replaced.run('diagnostics', '--output', 'a.zip')).toBe(0);
  expect(written(replaced).map(({ overwrite }) => overwrite)).toEqual([false, true]);
});

test('where nobody can be asked a file that is there stays, unless told otherwise', async () => {
  const kept = withFiles({ there: '/a.zip' });
  expect(await kept.run('diagnostics', '--output', '/a.zip')).toBe(1);
  expect(await kept.err()).toContain('DIAGNOSTICS_FILE_EXISTS');
  expect(await withFiles({ there: '/a.zip' }).run('diagnostics', '--output', '/a.zip', '--yes')).toBe(0);
});

test('parts are left out and asked for by name', async () => {
  const cli = withFiles({});
  await cli.run('diagnostics', '--without', 'logs,doctor', '--with', 'sessions');
  expect(written(cli)[0]?.parts).toEqual(['versions', 'connection', 'settings', 'database', 'sessions']);
  expect(await withFiles({}).run('diagnostics', '--without', 'everything')).toBe(2);
  expect(await withFiles({}).run('diagnostics', '--without', 'versions,doctor,connection,settings,database,logs')).toBe(
    2,
  );
});

test('listing writes nothing', async () => {
  const cli = withFiles({});
  expect(await cli.run('diagnostics', '--list', '--json')).toBe(0);
  expect(JSON.parse(await cli.out())).toEqual({ plan: PLAN });
  expect(written(cli)).toEqual([]);
});
