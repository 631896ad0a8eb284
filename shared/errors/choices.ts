import type { WireError } from './perch-error.ts';

/** The providers that an error offers to choose from, as the launch gate names them; none where it names none. */
export function choicesIn({ details }: Pick<WireError, 'details'>): string[] {
  const choices = details?.choices;
  return Array.isArray(choices) ? choices.filter((one) => typeof one === 'string') : [];
}
