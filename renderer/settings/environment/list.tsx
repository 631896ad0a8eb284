import { useId, useState } from 'react';
import type { Scope } from '../../../shared/model/credential.ts';
import { MAX_VARIABLES_OF_SCOPE, type VariableView } from '../../../shared/model/variable.ts';
import { useSlices, useT } from '../../context/services.tsx';
import { scopeText } from '../../credentials/scope-text.ts';
import { agentName } from '../../stores/select.ts';
import { List } from '../../ui/list.tsx';
import { isSameScope, listed } from './overlaps.ts';
import { VariableRow } from './row.tsx';

interface VariableListProps {
  readonly scope: Scope;
  readonly onReplace: (variable: VariableView) => void;
}

export function VariableList({ scope, onReplace }: VariableListProps) {
  const t = useT();
  const app = useSlices('variables', 'agents');
  const id = useId();
  const [search, setSearch] = useState('');
  const [said, setSaid] = useState('');
  const { here, also } = listed(app.variables, scope, search);
  const where = scopeText(scope, t, (agentId) => agentName(app, agentId));
  const count = app.variables.filter((one) => isSameScope(one.scope, scope)).length;
  const rows = (variables: readonly VariableView[]) =>
    variables.map((variable) => (
      <VariableRow key={variable.variableId} variable={variable} onReplace={onReplace} onSaid={setSaid} />
    ));
  return (
    <section aria-labelledby={id} className="stored">
      <div className="row row-between">
        <h3 id={id}>{t('variables.of', { scope: where })}</h3>
        <span className="hint">{t('variables.count', { count, max: MAX_VARIABLES_OF_SCOPE })}</span>
      </div>
      <input
        type="search"
        value={search}
        aria-label={t('variables.search')}
        placeholder={t('variables.search')}
        onChange={(event) => setSearch(event.target.value)}
      />
      <p role="status" className="said">
        {said}
      </p>
      {here.length === 0 && <p className="empty">{t(search === '' ? 'variables.empty' : 'variables.noMatch')}</p>}
      {here.length > 0 && (
        <List className="card credential-list" aria-labelledby={id}>
          {rows(here)}
        </List>
      )}
      {also.length > 0 && (
        <>
          <h4 id={`${id}-also`}>{t('variables.also')}</h4>
          <List className="card credential-list" aria-labelledby={`${id}-also`}>
            {rows(also)}
          </List>
        </>
      )}
    </section>
  );
}
