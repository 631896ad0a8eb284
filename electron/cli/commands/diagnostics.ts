import { isAbsolute, join } from 'node:path';
import type { Params, Result } from '../../../shared/contract/methods.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { DIAGNOSTIC_PARTS, type DiagnosticPart, type DiagnosticPlan } from '../../../shared/model/diagnostics.ts';
import type { Client } from '../../core/api/client.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { oneLine, terminalJson } from '../terminal/output.ts';
import { writeTable } from '../terminal/table.ts';
import { UsageError } from '../usage-error.ts';

const COLUMNS = ['part', 'file', 'size', 'why'];

/** Lists what the file will hold, then asks on a terminal, then writes it. With `--list` it is only listed. */
export const diagnostics: Command = async (context) => {
  const { values, stdout, stderr, t, openCore } = context;
  const choice = { with: partsOf(values.with), without: partsOf(values.without) };
  const { client } = await openCore();
  const { plan } = await client.call('diagnostics.plan', {});
  const chosen = plan.parts.filter(({ part, usual }) =>
    choice.without.includes(part) ? false : usual || choice.with.includes(part),
  );
  const parts = chosen.map(({ part }) => part);
  if (parts.length === 0) throw new UsageError('diagnostics-empty');
  if (!plan.secretsKnown) stderr.line(stderr.style('yellow', t('cli.diagnostics.secrets-unknown')));
  const json = values.json === true;
  if (!json) show(context, { ...plan, parts: chosen });
  if (values.list === true) {
    if (json) stdout.line(terminalJson({ plan }));
    return EXIT.ok;
  }
  if (!(await agreed(context, t('cli.diagnostics.ask')))) return tellNotWritten(context);
  const written = await write(context, client, { parts, overwrite: false, ...fileOf(context) });
  if (written === undefined) return tellNotWritten(context);
  if (json) stdout.line(terminalJson({ ...written, parts }));
  else stdout.line(t('cli.diagnostics.done', { file: oneLine(written.file, 4096), size: written.bytes }));
  return EXIT.ok;
};

/** Undefined: a file that is there already is to stay. */
async function write(
  context: Context,
  client: Client,
  params: Params<'diagnostics.write'>,
): Promise<Result<'diagnostics.write'> | undefined> {
  try {
    return await client.call('diagnostics.write', params);
  } catch (error) {
    const exists = error instanceof PerchError && error.code === 'DIAGNOSTICS_FILE_EXISTS';
    // Without a terminal to ask on, the error says what to do.
    if (!exists || (context.values.yes !== true && !asksOnTerminal(context))) throw error;
    const { file = '' } = error.values;
    if (!(await agreed(context, context.t('cli.diagnostics.overwrite', { file })))) return undefined;
    return await client.call('diagnostics.write', { ...params, overwrite: true });
  }
}

function show({ stdout, t }: Context, { parts }: DiagnosticPlan): void {
  writeTable(
    stdout,
    COLUMNS.map((column) => t(`cli.diagnostics.${column}`)),
    parts.flatMap(({ part, files }) =>
      files.map(({ name, bytes }) => [part, name, String(bytes), t(`cli.diagnostics.why-${part}`)]),
    ),
  );
}

function tellNotWritten({ stdout, t }: Context): number {
  stdout.line(t('cli.diagnostics.not-written'));
  return EXIT.failed;
}

const asksOnTerminal = ({ stdin, values }: Context) => stdin.isTTY === true && values.json !== true;

/** Without a terminal, writing what was asked for needs no second word. */
async function agreed(context: Context, question: string): Promise<boolean> {
  if (context.values.yes === true || !asksOnTerminal(context)) return true;
  const { signal } = new AbortController(); // Ctrl+C ends the command itself
  const typed = await context.askLine(`${question} `, signal);
  return /^[yjo]/i.test(typed?.trim() ?? '');
}

function fileOf({ values, cwd }: Context): { file?: string } {
  const { output } = values;
  if (output === undefined) return {};
  return { file: isAbsolute(output) ? output : join(cwd, output) };
}

function partsOf(text = ''): DiagnosticPart[] {
  return text
    .split(',')
    .filter((word) => word !== '')
    .map((word) => {
      const part = DIAGNOSTIC_PARTS.find((each) => each === word.trim());
      if (part === undefined) throw new UsageError('diagnostics-part', { choices: DIAGNOSTIC_PARTS.join(', ') });
      return part;
    });
}
