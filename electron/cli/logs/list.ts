import type { Command } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { terminalJson } from '../terminal/output.ts';
import { writeTable } from '../terminal/table.ts';

const COLUMNS = ['log', 'size', 'written'];

/** Every log there is, most recently written first. */
export const logsList: Command = async ({ values, stdout, t, openCore }) => {
  const { client } = await openCore();
  const { logs } = await client.call('logs.list', {});
  if (values.json === true) stdout.line(terminalJson({ logs }));
  else if (logs.length === 0) stdout.line(t('cli.logs.none'));
  else {
    writeTable(
      stdout,
      COLUMNS.map((column) => t(`cli.logs.${column}`)),
      logs.map(({ log, bytes, modifiedAt }) => [log, String(bytes), new Date(modifiedAt).toISOString()]),
    );
  }
  return EXIT.ok;
};
