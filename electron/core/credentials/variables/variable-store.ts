import type { Scope } from '../../../../shared/model/credential.ts';
import type { VariableView } from '../../../../shared/model/variable.ts';
import { roomProblem } from '../../../../shared/variables/check.ts';
import type { Database } from '../../storage/database/database.ts';

export interface StoredVariable extends VariableView {
  /** How many items of the keychain hold the value. */
  readonly items: number;
}

interface Row {
  variable_id: string;
  name: string;
  scope_kind: Scope['kind'];
  scope_key: string;
  storage: 'plain' | 'keychain';
  shown: string;
  keychain_items: number;
  created_at: number;
  updated_at: number;
}

/** The tables `variable` and `variable_leftover`: what is kept, and which items of the keychain nothing names any more. */
export function createVariableStore({ sql }: Pick<Database, 'sql'>) {
  const selectAll = sql.prepare<[], Row>('SELECT * FROM variable ORDER BY name, scope_kind, scope_key');
  const insert = sql.prepare<[Row]>(
    `INSERT INTO variable VALUES
     (@variable_id, @name, @scope_kind, @scope_key, @storage, @shown, @keychain_items, @created_at, @updated_at)`,
  );
  const erase = sql.prepare('DELETE FROM variable WHERE variable_id = ?');
  const addLeftover = sql.prepare('INSERT OR REPLACE INTO variable_leftover VALUES (?, ?)');
  const removeLeftover = sql.prepare('DELETE FROM variable_leftover WHERE variable_id = ?');
  const selectLeftovers = sql.prepare<[], { variable_id: string; keychain_items: number }>(
    'SELECT * FROM variable_leftover',
  );

  const list = () => selectAll.all().map(fromRow);
  const noteLeftover = ({ variableId, items }: Pick<StoredVariable, 'variableId' | 'items'>) => {
    if (items > 0) addLeftover.run(variableId, items);
  };
  const drop = (variable: StoredVariable) => {
    erase.run(variable.variableId);
    noteLeftover(variable);
  };

  return {
    list,
    noteLeftover,
    /**
     * In one step; what stood there becomes a leftover. `others`: how many of the scope are not in the table.
     * @throws PerchError VARIABLES_TOO_MANY
     */
    replace(variable: StoredVariable, others: number): void {
      sql.transaction(() => {
        const ofScope = list().filter((one) => sameScope(one.scope, variable.scope));
        const previous = ofScope.find(({ name }) => name === variable.name);
        if (previous === undefined) requireRoom(ofScope.length + others, variable.scope);
        else drop(previous);
        insert.run(toRow(variable));
        removeLeftover.run(variable.variableId);
      })();
    },
    remove: (variable: StoredVariable) => sql.transaction(() => drop(variable))(),
    leftovers: () => selectLeftovers.all().map((row) => ({ variableId: row.variable_id, items: row.keychain_items })),
    forgetLeftover: (variableId: string) => void removeLeftover.run(variableId),
  };
}

/** @throws PerchError VARIABLES_TOO_MANY */
export function requireRoom(held: number, scope: Scope): void {
  const problem = roomProblem(held, scope.kind);
  if (problem !== undefined) throw problem;
}

export function sameScope(a: Scope, b: Scope): boolean {
  return a.kind === b.kind && keyOf(a) === keyOf(b);
}

function keyOf(scope: Scope): string {
  if (scope.kind === 'project') return scope.projectDir;
  return scope.kind === 'agent' ? scope.agentId : '';
}

function toRow(variable: StoredVariable): Row {
  return {
    variable_id: variable.variableId,
    name: variable.name,
    scope_kind: variable.scope.kind,
    scope_key: keyOf(variable.scope),
    storage: variable.storage === 'plain' ? 'plain' : 'keychain',
    shown: variable.shown,
    keychain_items: variable.items,
    created_at: variable.createdAt,
    updated_at: variable.updatedAt,
  };
}

function fromRow(row: Row): StoredVariable {
  return {
    variableId: row.variable_id,
    name: row.name,
    scope: scopeOf(row),
    storage: row.storage,
    shown: row.shown,
    items: row.keychain_items,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function scopeOf({ scope_kind: kind, scope_key: key }: Row): Scope {
  if (kind === 'project') return { kind, projectDir: key };
  return kind === 'agent' ? { kind, agentId: key } : { kind };
}
