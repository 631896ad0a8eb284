import type { PermissionOption, PermissionOutcome } from '../../../shared/model/run-event.ts';

export const PERMISSION_MODES = ['ask', 'allow', 'deny'] as const;
export type PermissionMode = (typeof PERMISSION_MODES)[number];

/** Once rather than always: a flag of this one run decides nothing for later ones. */
const PREFERRED = {
  allow: ['allow_once', 'allow_always'],
  deny: ['reject_once', 'reject_always'],
} as const satisfies Record<'allow' | 'deny', readonly PermissionOption['kind'][]>;

/** Pure. An agent that offers no such answer gets none: the question is cancelled. */
export function choosePermission(mode: 'allow' | 'deny', options: readonly PermissionOption[]): PermissionOutcome {
  for (const kind of PREFERRED[mode]) {
    const option = options.find((each) => each.kind === kind);
    if (option !== undefined) return { outcome: 'selected', optionId: option.optionId };
  }
  return { outcome: 'cancelled' };
}

/** What was typed: a number of the list or a name; undefined when it is neither. */
export function readChoice(typed: string, options: readonly PermissionOption[]): PermissionOption | undefined {
  const text = typed.trim().toLowerCase();
  if (/^\d+$/.test(text)) return options[Number(text) - 1];
  return options.find(({ name }) => name.toLowerCase() === text);
}
