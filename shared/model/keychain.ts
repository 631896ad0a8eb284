import { z } from 'zod';

/** The health of the operating system's secret store, as a state of its own. */
export const keychainHealthSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('unknown') }),
  z.object({ state: z.literal('available'), store: z.string() }),
  z.object({ state: z.literal('locked') }),
  z.object({ state: z.literal('prompt-dismissed') }),
  z.object({ state: z.literal('absent') }),
  /** The Secret Service answers, and has no collection (keyring) that is the default: it has nowhere to keep an item. */
  z.object({ state: z.literal('no-collection') }),
  z.object({ state: z.literal('denied') }),
  z.object({ state: z.literal('changed'), previous: z.string(), current: z.string() }),
  /** The store answered with something that none of the states explains. */
  z.object({ state: z.literal('failed') }),
]);
export type KeychainHealth = z.infer<typeof keychainHealthSchema>;

/** Such a store gives nothing back, whatever is asked. */
export function keepsNothing({ state }: KeychainHealth): boolean {
  return state === 'absent' || state === 'no-collection';
}
