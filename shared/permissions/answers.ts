import { defined } from '../defined.ts';
import type { PermissionOption, PermissionRequest } from '../model/run-event.ts';
import { tellsWhat } from './substance.ts';

/** The effect of an answer; `unknown`: Perch does not know the kind that the agent gives it. */
export type Effect = 'allow-once' | 'allow-always' | 'refuse' | 'unknown';

/** An answer that can be given. `refuse` stands in where the agent offers no way to say no. */
export type Answer =
  | { readonly kind: 'option'; readonly option: PermissionOption; readonly effect: Effect }
  | { readonly kind: 'refuse'; readonly effect: 'refuse' };

export interface Answers {
  readonly given: readonly Answer[];
  /** Options of the agent that are not offered, and why. */
  readonly withheld: readonly PermissionOption[];
  /** `nothing`: the agent does not say what it wants. `too-large`: a part of it cannot be shown anywhere. */
  readonly because?: 'nothing' | 'too-large';
}

const EFFECTS: Readonly<Record<PermissionOption['kind'], Effect>> = {
  allow_once: 'allow-once',
  allow_always: 'allow-always',
  reject_once: 'refuse',
  reject_always: 'refuse',
  other: 'unknown',
};

/**
 * Which of the agent's options a person can choose. A request that does not tell what it is about can be allowed for
 * this once alone, and one that cannot be shown whole cannot be allowed: a title is not consent.
 */
export function answersOf(request: Pick<PermissionRequest, 'options' | 'details'>): Answers {
  const because = reasonToWithhold(request);
  const isGiven = ({ kind }: PermissionOption): boolean => {
    if (because === undefined) return true;
    return kind === 'reject_once' || (kind === 'allow_once' && because === 'nothing');
  };
  const options = request.options.filter(isGiven);
  const given: Answer[] = options.map((option) => ({ kind: 'option', option, effect: EFFECTS[option.kind] }));
  if (!given.some(({ effect }) => effect === 'refuse')) given.push({ kind: 'refuse', effect: 'refuse' });
  const withheld = request.options.filter((option) => !isGiven(option));
  return { given, withheld, ...defined({ because }) };
}

function reasonToWithhold({ details }: Pick<PermissionRequest, 'details'>): Answers['because'] {
  if ((details?.omittedChars ?? 0) > 0) return 'too-large';
  return details !== undefined && tellsWhat(details) ? undefined : 'nothing';
}
