import { assertNever } from '../../shared/assert-never.ts';
import { billingPageIn } from '../../shared/errors/billing-page.ts';
import { choicesIn } from '../../shared/errors/choices.ts';
import type { WireError } from '../../shared/errors/perch-error.ts';
import { REMEDIES } from '../../shared/errors/remedies.ts';
import { describeError } from '../../shared/i18n/describe-error.ts';
import type { Translate } from '../../shared/i18n/translate.ts';

/** The lines after an error's sentence that name the page or the commands to go on with; undefined when the sentence says it all. */
export function whatToDo(error: WireError, t: Translate): string | undefined {
  const sentence = describeError(error, t);
  const commands = commandsAfter(error).filter((command) => !sentence.includes(command));
  const page = billingPageIn(error);
  const lines = [
    ...(page === undefined ? [] : [t('cli.what-to-do.billing', { page })]),
    ...commands.map((command) => t('cli.what-to-do', { command })),
    ...(error.details?.anyway === true ? [t('cli.agents.anyway')] : []),
  ];
  return lines.length === 0 ? undefined : lines.join('\n');
}

/** Each command that leads out of an error, the plainest first; none when the sentence says what to do. */
export function commandsAfter(error: WireError): string[] {
  const { code, values, details } = error;
  if (code === 'PROVIDER_UNDERIVABLE') {
    const choices = choicesIn(error).map((one) => `perch agents settings set ${values.agentId} provider=${one}`);
    if (choices.length > 0) return choices;
  }
  const one = commandAfter(error);
  const signIn = details?.canSignIn === true ? [`perch agents login ${values.agentId}`] : [];
  return one === undefined ? [] : [...signIn, one];
}

/** The command that leads to where an error is put right, filled with what the error tells. */
export function commandAfter(error: WireError): string | undefined {
  const remedy = REMEDIES[error.code];
  switch (remedy) {
    case 'correct':
    case 'again':
    case 'look-again':
    case 'restart-perch':
    // Each perch run begins a conversation of its own: the sentence says what else to do.
    case 'new-conversation':
      return undefined;
    case 'credential':
    case 'billing':
      return ['perch credentials set', error.values.providerId].filter((word) => word !== undefined).join(' ');
    case 'keychain':
    case 'doctor':
    case 'sandbox':
      return 'perch doctor';
    case 'variables':
      return 'perch variables list';
    case 'agents':
      return 'perch agents';
    case 'model':
      return ofAgent('perch agents models', error);
    case 'sign-in':
      return ofAgent('perch agents login', error);
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

/** A command that takes an agent; without one the list of agents is where to go on. */
function ofAgent(command: string, { values: { agentId } }: WireError): string {
  return agentId === undefined ? 'perch agents' : `${command} ${agentId}`;
}
