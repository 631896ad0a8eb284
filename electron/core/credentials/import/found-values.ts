import type { Clock } from '../../../node/clock.ts';
import type { Found } from './found.ts';

/** How long a found value waits for the user's choice. */
export const HOLD_MS = 5 * 60_000;
/** Older ones give way: asking again and again must not fill the memory. */
const MAX_HELD = 500;

/** A value that can be taken over. */
export type Importable = Found & { readonly variable: string };

/** Found values, in memory only, each until it is taken, given up or old; masked in logs for as long. */
export function createFoundValues({
  clock,
  masks,
}: {
  clock: Pick<Clock, 'after'>;
  masks: { add(value: string): () => void };
}) {
  const values = new Map<string, { readonly found: Importable; readonly forget: () => void }>();
  const forget = (candidateId: string) => {
    values.get(candidateId)?.forget();
    values.delete(candidateId);
  };
  return {
    hold(candidateId: string, found: Importable, { secret }: { secret: boolean }): void {
      const unmask = secret ? masks.add(found.value) : () => {};
      const stopWaiting = clock.after(HOLD_MS, () => forget(candidateId));
      const release = () => {
        stopWaiting();
        unmask();
      };
      values.set(candidateId, { found, forget: release });
      const [oldest] = values.keys();
      if (values.size > MAX_HELD && oldest !== undefined) forget(oldest);
    },
    get: (candidateId: string): Importable | undefined => values.get(candidateId)?.found,
    forget,
    forgetAll(): void {
      for (const candidateId of [...values.keys()]) forget(candidateId);
    },
  };
}
