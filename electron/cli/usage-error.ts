import type { UsageProblem } from './arguments/parse.ts';

/** What was typed cannot be done: exit 2 with the sentence. Never carries what might be a secret. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly problem: UsageProblem;

  constructor(key: string, values: UsageProblem['values'] = {}) {
    super(key);
    this.problem = { key: `cli.usage.${key}`, values };
  }
}
