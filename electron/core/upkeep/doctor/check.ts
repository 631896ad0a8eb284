import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { DoctorCheck, Message } from '../../../../shared/model/doctor.ts';

/** Looks at one thing. An error that it raises becomes `could-not-check`. */
export interface Check {
  readonly id: string;
  run(): Promise<Finding | readonly DoctorCheck[]> | Finding;
}

export type Finding = Omit<DoctorCheck, 'id'>;

export function finding(status: DoctorCheck['status'], summary: Message, advice?: Message): Finding {
  return advice === undefined ? { status, summary } : { status, summary, advice };
}

export function message(key: string, values: Message['values'] = {}): Message {
  return { key: `doctor.${key}`, values };
}

/** An error's own sentence serves as a finding's. */
export function errorMessage({ code, values }: Pick<PerchError, 'code' | 'values'>): Message {
  return { key: `error.${code}`, values: { ...values } };
}

/** Runs all checks at once and answers in the order given. */
export async function runChecks(checks: readonly Check[]): Promise<DoctorCheck[]> {
  const results = await Promise.all(checks.map(runOne));
  return results.flat();
}

async function runOne({ id, run }: Check): Promise<readonly DoctorCheck[]> {
  try {
    const found = await run();
    return Array.isArray(found) ? found : [{ id, ...(found as Finding) }];
  } catch (error) {
    const summary = error instanceof PerchError ? errorMessage(error) : message('check-failed', { id });
    return [{ id, status: 'could-not-check', summary }];
  }
}
