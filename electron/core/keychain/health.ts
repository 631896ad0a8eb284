import type { KeychainHealth } from '../../../shared/model/keychain.ts';
import { healthOf } from './keyring-error.ts';

export type HealthWatch = ReturnType<typeof createHealthWatch>;

/** The last that is known of the keychain. */
export function createHealthWatch(onChange: () => void) {
  let health: KeychainHealth = { state: 'unknown' };
  const set = (next: KeychainHealth): void => {
    if (JSON.stringify(next) === JSON.stringify(health)) return;
    health = next;
    onChange();
  };
  return {
    get: (): KeychainHealth => health,
    set,
    /** Asks the keychain something; the answer decides its health. @throws what `work` throws */
    async asking<T>(work: () => Promise<T>): Promise<T> {
      try {
        return await work();
      } catch (error) {
        set(healthOf(error) ?? health);
        throw error;
      }
    },
  };
}
