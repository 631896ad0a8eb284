import { PerchError } from '../../../shared/errors/perch-error.ts';
import { checkEnvironment } from '../environment.ts';
import type { StartParams } from '../launched-session.ts';

/** @throws PerchError for what the core should never ask for */
export function checkStart({
  policy,
  workingDirectory,
  environment,
  secretNames,
  variableNames,
  launch,
}: StartParams): void {
  checkEnvironment(environment, variableNames);
  if (policy.workingDirectory !== workingDirectory) {
    throw new PerchError('INVALID_PARAMS', { where: 'the policy is for another working directory' });
  }
  const visible = [launch.command, ...launch.args, ...launch.stateFiles.map(({ content }) => content)];
  for (const name of secretNames) {
    const value = environment[name];
    if (value === undefined || value === '') continue;
    if (visible.some((text) => text.includes(value))) {
      throw new PerchError('INVALID_PARAMS', { where: `the value of ${name} must not be an argument or in a file` });
    }
  }
}
