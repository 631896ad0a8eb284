import type { Scope } from '../../../../shared/model/credential.ts';
import type { VariableView } from '../../../../shared/model/variable.ts';
import { healthOf } from '../../keychain/keyring-error.ts';
import { createMemoryKeychain } from '../../keychain/memory.ts';
import { createVault } from '../../keychain/vault.ts';
import type { Keychain } from '../../ports.ts';
import type { Database } from '../../storage/database/database.ts';
import { createVariableStore, requireRoom, type StoredVariable, sameScope } from './variable-store.ts';

/**
 * Keeps each variable in the place that its storage names: in the database, with its value in the keychain, or in
 * memory until Perch ends. The caller runs one change at a time.
 */
export function createVariableStorage(options: { database: Pick<Database, 'sql'>; keychain: Keychain }) {
  const store = createVariableStore(options.database);
  const vaults = { keychain: createVault(options.keychain), 'session-only': createVault(createMemoryKeychain()) };
  const ephemeral = new Map<string, StoredVariable>();

  const list = () => [...store.list(), ...ephemeral.values()];
  const inScope = (scope: Scope) => list().filter((one) => sameScope(one.scope, scope));
  const at = (place: Pick<VariableView, 'name' | 'scope'>) =>
    inScope(place.scope).find(({ name }) => name === place.name);

  /** Deletes the items that no variable names any more. What fails stays noted, for the next time. */
  async function sweep(): Promise<void> {
    for (const { variableId, items } of store.leftovers()) {
      try {
        await vaults.keychain.erase(variableId, items);
      } catch (error) {
        if (healthOf(error) === undefined) throw error;
        return;
      }
      store.forgetLeftover(variableId);
    }
  }

  async function forget(variable: StoredVariable): Promise<void> {
    if (variable.storage !== 'session-only') return store.remove(variable);
    ephemeral.delete(variable.variableId);
    await vaults['session-only'].erase(variable.variableId, variable.items);
  }

  return {
    list,
    inScope,
    at,
    sweep,
    /** Removes the variable. Its items in the keychain go with the next `sweep`. */
    forget,
    /** How many items of the keychain the value takes there. */
    itemsFor: (storage: VariableView['storage'], value: string): number =>
      storage === 'plain' ? 0 : vaults[storage].itemsFor(value),
    /**
     * Puts the variable in the place of the one with its name and scope, and answers that one.
     * @throws PerchError VARIABLES_TOO_MANY, KEYCHAIN_*; then the former one is in place
     */
    async save(variable: StoredVariable, value: string): Promise<StoredVariable | undefined> {
      const previous = at(variable);
      const ofScope = [...ephemeral.values()].filter(({ scope }) => sameScope(scope, variable.scope));
      const others = ofScope.filter((one) => one !== previous).length;
      if (previous === undefined) requireRoom(inScope(variable.scope).length, variable.scope);
      if (variable.storage === 'session-only') {
        await vaults['session-only'].write(variable.variableId, value);
        if (previous !== undefined) await forget(previous);
        ephemeral.set(variable.variableId, variable);
      } else {
        // Noted first: whatever interrupts the writing, the items are found and deleted again.
        store.noteLeftover(variable);
        if (variable.storage === 'keychain') await vaults.keychain.write(variable.variableId, value);
        store.replace(variable, others);
        if (previous?.storage === 'session-only') await forget(previous);
      }
      await sweep();
      return previous;
    },
    /** The value of a secret; undefined when it is not there. @throws PerchError KEYCHAIN_* */
    async read({ variableId, storage }: VariableView): Promise<string | undefined> {
      const items = list().find((one) => one.variableId === variableId)?.items;
      return items === undefined || storage === 'plain' ? undefined : vaults[storage].read(variableId, items);
    },
    /** The values that are only in memory. */
    async valuesInMemory(): Promise<string[]> {
      const vault = vaults['session-only'];
      const read = [...ephemeral.values()].map(({ variableId, items }) => vault.read(variableId, items));
      return (await Promise.all(read)).filter((value) => value !== undefined);
    },
    async forgetInMemory(): Promise<void> {
      for (const variable of [...ephemeral.values()]) await forget(variable);
    },
  };
}
