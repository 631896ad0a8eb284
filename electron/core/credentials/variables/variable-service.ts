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
import type { Keychain, Random } from '../../ports.ts';
import type { Database } from '../../storage/database/database.ts';
import { normalScope } from '../input.ts';
import { type VariableInEffect, variablesInEffect, widerOnes } from './chain.ts';
import { checkVariable } from './input.ts';
import { createVariableStorage } from './variable-storage.ts';
import type { StoredVariable } from './variable-store.ts';

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
  const stored = createVariableStorage(options);
  const listeners = createListeners();
  const exclusively = createMutex();
  const changed = () => {
    listeners.notify();
  };
  const list = () => stored.list().map(viewOf);

  return {
    list,
    nameProblem: (name) => nameProblem(name, options),
    set: (params) =>
      exclusively(async () => {
        const { name, scope, value, storage } = checkVariable(params, options);
        const now = clock.now();
        const variable: StoredVariable = {
          variableId: random.uuid(),
          name,
          scope,
          storage,
          shown: storage === 'plain' ? value : maskValue(value),
          items: stored.itemsFor(storage, value),
          createdAt: stored.at({ name, scope })?.createdAt ?? now,
          updatedAt: now,
        };
        const previous = await stored.save(variable, value);
        changed();
        return { variable: viewOf(variable), replaced: previous !== undefined };
      }),
    remove: ({ variableId }) =>
      exclusively(async () => {
        const variable = stored.list().find((one) => one.variableId === variableId);
        if (variable === undefined) throw new PerchError('VARIABLE_NOT_FOUND');
        await stored.forget(variable);
        await stored.sweep();
        changed();
        return { removed: viewOf(variable), takeOver: widerOnes(variable, list()) };
      }),
    removeScope: (asked) =>
      exclusively(async () => {
        const all = stored.inScope(normalScope(asked));
        for (const variable of all) await stored.forget(variable);
        await stored.sweep();
        if (all.length > 0) changed();
      }),
    inEffect: ({ agentId, projectDir }) => variablesInEffect(list(), { agentId, projectDir: resolve(projectDir) }),
    async readSecrets(variables) {
      const values = new Map<string, string>();
      for (const { variable } of variables) {
        if (variable.storage === 'plain') continue;
        const value = await stored.read(variable);
        if (value === undefined) throw new PerchError('VARIABLE_UNREADABLE', { variable: variable.name });
        values.set(variable.variableId, value);
      }
      return values;
    },
    heldValues: stored.valuesInMemory,
    sweep: () => exclusively(stored.sweep),
    onChange(listener) {
      return listeners.add(listener);
    },
    dispose: () => exclusively(stored.forgetInMemory),
  };
}

function viewOf({ items: _, ...view }: StoredVariable): VariableView {
  return view;
}
