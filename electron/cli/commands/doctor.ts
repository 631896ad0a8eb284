import { PerchError, toWireError } from '../../../shared/errors/perch-error.ts';
import type { Translate } from '../../../shared/i18n/translate.ts';
import type { DoctorCheck, DoctorReport } from '../../../shared/model/doctor.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { type Style, terminalJson, terminalSafe } from '../terminal/output.ts';

const STYLES: Readonly<Record<DoctorCheck['status'], Style>> = {
  ok: 'green',
  warning: 'yellow',
  problem: 'red',
  'could-not-check': 'yellow',
};

/**
 * `withoutCore` examines what can be examined when no core could be started: that the database is damaged is a
 * finding, not a reason to say nothing.
 */
export function createDoctorCommand(withoutCore: (error: PerchError) => Promise<DoctorReport>): Command {
  return async (context) => {
    const report = await examine(context, withoutCore);
    if (context.values.json === true) context.stdout.line(terminalJson(inWords(report, context.t)));
    else show(context, report);
    return report.checks.some(({ status }) => status === 'problem') ? EXIT.failed : EXIT.ok;
  };
}

async function examine(
  { openCore }: Context,
  withoutCore: (error: PerchError) => Promise<DoctorReport>,
): Promise<DoctorReport> {
  try {
    const { client } = await openCore();
    return (await client.call('doctor.run', {})).report;
  } catch (error) {
    const { code, values, details = {} } = toWireError(error);
    return await withoutCore(
      error instanceof PerchError ? error : new PerchError(code, values, { details, cause: error }),
    );
  }
}

/** The report with its sentences in the user's language. */
function inWords({ checks, ...rest }: DoctorReport, t: Translate) {
  return {
    ...rest,
    checks: checks.map(({ id, status, summary, advice }) => ({
      id,
      status,
      summary: t(summary.key, summary.values),
      ...(advice === undefined ? {} : { advice: t(advice.key, advice.values) }),
    })),
  };
}

function show({ stdout, t }: Context, report: DoctorReport): void {
  const { version, platform, dataDir, checks } = inWords(report, t);
  stdout.line(t('cli.doctor.heading', { version, platform, directory: dataDir }));
  stdout.line();
  const marks = checks.map(({ status }) => t(`cli.doctor.${status}`));
  const width = Math.max(0, ...marks.map((mark) => mark.length));
  checks.forEach(({ status, summary, advice }, index) => {
    const mark = stdout.style(STYLES[status], (marks[index] ?? '').padEnd(width));
    stdout.line(`${mark}  ${terminalSafe(summary)}`);
    if (advice !== undefined) stdout.line(`${' '.repeat(width)}  ${stdout.style('dim', '→')} ${terminalSafe(advice)}`);
  });
}
