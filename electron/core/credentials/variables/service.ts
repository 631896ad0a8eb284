import { resolve } from 'node:path';
import type { Params, Result } from '../../../../shared/contract/methods.ts';
import { maskValue } from '../../../../shared/credentials/masking.ts';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import { createListeners } from '../../../../shared/listeners.ts';
import type { Scope } from '../../../../shared/model/credential.ts';
import type { VariableView } from '../../../../shared/model/variable.ts';
import { nameProblem } from '../../../../shared/variables/check.ts';
import type { IsRouting } from '../../../../shared/variables/routing.ts';
import type { Clock } from '../../../node/clock.ts';
import { createMutex } from '../../../node/mutex.ts';
import { healthOf } from '../../keychain/keyring-error.ts';
import { createMemoryKeychain } from '../../keychain/memory.ts';
import { createVault } from '../../keychain/vault.ts';
import type { Keychain, Random } from '../../ports.ts';
import type { Database } from '../../storage/database/database.ts';
import { normalScope } from '../input.ts';
import { type VariableInEffect, variablesInEffect, widerOnes } from './chain.ts';
import { checkVariable } from './input.ts';
import { createVariableStore, requireRoom, type StoredVariable, sameScope } from './store.ts';

export interface VariableService {
  list(): VariableView[];
  /** Why no variable can have this name; undefined: one can. */
  nameProblem(name: string): PerchError | undefined;
  /**
   * @throws PerchError VARIABLE_NAME_INVALID, VARIABLE_RESERVED, VARIABLE_OF_PROVIDER, VARIABLE_TOO_LARGE,
   * VARIABLE_HAS_NUL, VARIABLES_TOO_MANY, CREDENTIAL_EMPTY, KEYCHAIN_*. After an error the former value is in place.
   */
  set(params: Params<'variables.set'>): Promise<{ variable: VariableView; replaced: boolean }>;
  /** @throws PerchError VARIABLE_NOT_FOUND */
  remove(params: Params<'variables.remove'>): Promise<Result<'variables.remove'>>;
  /** Everything of one agent or project; what the keychain does not give up now goes later. */
  removeScope(scope: Exclude<Scope, { kind: 'global' }>): Promise<void>;
  /** The variables of a session there, without the values of secrets. */
  inEffect(context: { agentId: string; projectDir: string }): VariableInEffect[];
  /** The values of the secrets among them, by id. @throws PerchError VARIABLE_UNREADABLE, KEYCHAIN_* */
  readSecrets(variables: readonly VariableInEffect[]): Promise<ReadonlyMap<string, string>>;
  /** The secrets of this session only: they are in no keychain. */
  heldValues(): Promise<string[]>;
  /** Tries again what the keychain did not delete before. */
  sweep(): Promise<void>;
  onChange(listener: () => void): () => void;
  /** The end: forgets what was kept for this session. */
  dispose(): Promise<void>;
}

export function createVariableService(options: {
  database: Pick<Database, 'sql'>;
  keychain: Keychain;
  isRouting: IsRouting;
  isCredential: (name: string) => boolean;
  clock: Clock;
  random: Random;
}): VariableService {
  const { clock, random } = options;
  const store = createVariableStore(options.database);
  const vaults = { keychain: createVault(options.keychain), 'session-only': createVault(createMemoryKeychain()) };
  const ephemeral = new Map<string, StoredVariable>();
  const listeners = createListeners();
  const inTurn = createMutex();
  const changed = () => {
    listeners.notify();
  };
  const stored = () => [...store.list(), ...ephemeral.values()];
  const list = () => stored().map(viewOf);
  const at = (place: Pick<VariableView, 'name' | 'scope'>) =>
    stored().find((one) => one.name === place.name && sameScope(one.scope, place.scope));

  /** Deletes what no variable names any more. What fails stays noted, for the next time. */
  const sweep = async () => {
    for (const { variableId, items } of store.leftovers()) {
      try {
        await vaults.keychain.erase(variableId, items);
      } catch (error) {
        if (healthOf(error) === undefined) throw error;
        return;
      }
      store.forgetLeftover(variableId);
    }
  };
  const forget = async (variable: StoredVariable) => {
    if (variable.storage !== 'session-only') return store.remove(variable);
    ephemeral.delete(variable.variableId);
    await vaults['session-only'].erase(variable.variableId, variable.items);
  };
  const save = async (variable: StoredVariable, value: string) => {
    const previous = at(variable);
    const ofScope = [...ephemeral.values()].filter(({ scope }) => sameScope(scope, variable.scope));
    const others = ofScope.filter((one) => one !== previous).length;
    if (previous === undefined) {
      requireRoom(stored().filter(({ scope }) => sameScope(scope, variable.scope)).length, variable.scope);
    }
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
  };

  return {
    list,
    nameProblem: (name) => nameProblem(name, options),
    set: (params) =>
      inTurn(async () => {
        const { name, scope, value, storage } = checkVariable(params, options);
        const now = clock.now();
        const variable: StoredVariable = {
          variableId: random.uuid(),
          name,
          scope,
          storage,
          shown: storage === 'plain' ? value : maskValue(value),
          items: storage === 'plain' ? 0 : vaults[storage].itemsFor(value),
          createdAt: at({ name, scope })?.createdAt ?? now,
          updatedAt: now,
        };
        const previous = await save(variable, value);
        changed();
        return { variable: viewOf(variable), replaced: previous !== undefined };
      }),
    remove: ({ variableId }) =>
      inTurn(async () => {
        const variable = stored().find((one) => one.variableId === variableId);
        if (variable === undefined) throw new PerchError('VARIABLE_NOT_FOUND');
        await forget(variable);
        await sweep();
        changed();
        return { removed: viewOf(variable), takeOver: widerOnes(variable, list()) };
      }),
    removeScope: (asked) =>
      inTurn(async () => {
        const scope = normalScope(asked);
        const all = stored().filter((one) => sameScope(one.scope, scope));
        for (const variable of all) await forget(variable);
        await sweep();
        if (all.length > 0) changed();
      }),
    inEffect: ({ agentId, projectDir }) => variablesInEffect(list(), { agentId, projectDir: resolve(projectDir) }),
    async readSecrets(variables) {
      const values = new Map<string, string>();
      for (const { variable } of variables) {
        if (variable.storage === 'plain') continue;
        const items = stored().find((one) => one.variableId === variable.variableId)?.items;
        const value = items === undefined ? undefined : await vaults[variable.storage].read(variable.variableId, items);
        if (value === undefined) throw new PerchError('VARIABLE_UNREADABLE', { variable: variable.name });
        values.set(variable.variableId, value);
      }
      return values;
    },
    async heldValues() {
      const vault = vaults['session-only'];
      const read = [...ephemeral.values()].map(({ variableId, items }) => vault.read(variableId, items));
      return (await Promise.all(read)).filter((value) => value !== undefined);
    },
    sweep: () => inTurn(sweep),
    onChange(listener) {
      return listeners.add(listener);
    },
    dispose: () =>
      inTurn(async () => {
        for (const variable of [...ephemeral.values()]) await forget(variable);
      }),
  };
}

function viewOf({ items: _, ...view }: StoredVariable): VariableView {
  return view;
}
