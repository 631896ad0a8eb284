import type { SecretPlace } from '../../../shared/model/leak.ts';
import { createRedactor } from '../../../shared/redaction/redactor.ts';
import type { ValueMask } from '../adapters/masked-events.ts';
import type { StartParams } from '../launched-session.ts';

/**
 * The secrets that must not leave: every shape of a key in logs and errors, the session's own values also in its
 * events.
 */
export function createSecrets(
  { environment, secretNames, upstreamProxy }: StartParams,
  onFound: (variable: string, where: SecretPlace) => void,
): {
  redact: (text: string) => string;
  mask: ValueMask;
  errorMask: ValueMask;
} {
  const tell = (where: SecretPlace) => (value: string) => {
    for (const name of secretNames) if (environment[name] === value) onFound(name, where);
  };
  const redactor = createRedactor();
  const mask = createRedactor({ shapes: [], onFound: tell('output') });
  const errorMask = createRedactor({ shapes: [], onFound: tell('log') });
  if (upstreamProxy?.authorization !== undefined) redactor.add(upstreamProxy.authorization);
  for (const name of secretNames) {
    const value = environment[name];
    if (value === undefined || value === '') continue;
    redactor.add(value);
    mask.add(value);
    errorMask.add(value);
  }
  return { redact: redactor.redact, mask, errorMask };
}
