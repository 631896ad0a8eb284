/**
 * The command line cannot carry out what was typed: exit code 2 with the sentence. The error never carries what might
 * be a secret.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly problem: UsageProblem;

  constructor(key: string, values: UsageProblem['values'] = {}) {
    super(key);
    this.problem = { key: `cli.usage.${key}`, values };
  }
}

/** A sentence of the command line's own, by its key `cli.usage.*`. */
export interface UsageProblem {
  readonly key: string;
  readonly values: Readonly<Record<string, string>>;
}
