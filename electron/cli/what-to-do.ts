import { assertNever } from '../../shared/assert-never.ts';
import type { WireError } from '../../shared/errors/perch-error.ts';
import { REMEDIES } from '../../shared/errors/remedies.ts';
import { describeError } from '../../shared/i18n/describe-error.ts';
import type { Translate } from '../../shared/i18n/translate.ts';

/** The line after an error's sentence that names the command to go on with; undefined when the sentence says it all. */
export function whatToDo(error: WireError, t: Translate): string | undefined {
  const command = commandAfter(error);
  if (command === undefined || describeError(error, t).includes(command)) return undefined;
  return t('cli.what-to-do', { command });
}

/** The command that leads out of an error, filled with what the error tells. */
export function commandAfter(error: WireError): string | undefined {
  const remedy = REMEDIES[error.code];
  switch (remedy) {
    case 'correct':
    case 'again':
    case 'look-again':
    case 'restart-perch':
      return undefined;
    case 'credential':
      return ['perch credentials set', error.values.providerId].filter((word) => word !== undefined).join(' ');
    case 'keychain':
    case 'doctor':
    case 'sandbox':
      return 'perch doctor';
    case 'variables':
      return 'perch variables list';
    case 'agents':
      return 'perch agents';
    case 'providers':
      return 'perch providers list';
    case 'hosts':
      return 'perch hosts list';
    case 'trust':
      return 'perch projects trust';
    case 'runner':
      return 'perch logs runner --failure';
    case 'session-log':
      return 'perch logs list';
    case 'core-log':
      return 'perch logs core';
    default:
      return assertNever(remedy);
  }
}
