import type { WireError } from '../../shared/errors/perch-error.ts';
import { describeError } from '../../shared/i18n/describe-error.ts';
import type { Translate } from '../../shared/i18n/translate.ts';
import type { AgentView } from '../../shared/model/agent.ts';
import { credentialTrouble, signInFor } from './ways.ts';

/** In one line what is wrong with an agent's credential; undefined when the error is about something else. */
export function troubleTitle(error: WireError, t: Translate): string | undefined {
  const trouble = credentialTrouble(error);
  return trouble === undefined ? undefined : t(`ways.title.${trouble}`, valuesOf(error));
}

/** The advice for it, without a command or a page: the controls stand beside it. */
export function troubleSentence(agent: AgentView | undefined, error: WireError, t: Translate): string {
  const trouble = credentialTrouble(error);
  const login = signInFor(agent, error);
  if (trouble === undefined || trouble === 'unreadable') return describeError(error, t);
  const values = valuesOf(error);
  if (login === undefined) return t(`ways.paste.${trouble === 'not-signed-in' ? 'no-key' : trouble}`, values);
  if (login.inTerminal === true) return t('ways.inTerminal', values);
  return t(`ways.both.${trouble}`, { ...values, name: login.name });
}

function valuesOf({ values }: WireError) {
  const text = (value: string | number | undefined) => String(value ?? '');
  return { agent: text(values.agent), provider: text(values.provider), variable: text(values.variable) };
}
