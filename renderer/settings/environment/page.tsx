import { useState } from 'react';
import type { AppState } from '../../../shared/contract/state.ts';
import type { VariableView } from '../../../shared/model/variable.ts';
import { useSlices, useT } from '../../context/services.tsx';
import { scopeOf } from '../../credentials/draft.ts';
import { KeychainNotice } from '../../credentials/keychain-notice.tsx';
import { type Place, ScopeFields } from '../../credentials/scope-fields.tsx';
import { StaleSessions } from '../../credentials/stale-sessions.tsx';
import { EnvText } from './env-text.tsx';
import { VariableForm } from './form.tsx';
import { VariableList } from './list.tsx';
import './environment.css';

/** *Environment & secrets*. `agentId`: the agent whose variables another part of the window asked for. */
export function EnvironmentPage({ agentId }: { agentId: string | undefined }) {
  const t = useT();
  const app = useSlices('agents', 'keychain', 'settings');
  const [place, setPlace] = useState(() => initialPlace(app, agentId));
  const [replacing, setReplacing] = useState<VariableView | null>(null);
  const scope = scopeOf(place);
  // Another place or another variable to replace is another form: nothing typed for one may slip into the other.
  const formKey = replacing === null ? JSON.stringify(scope) : replacing.variableId;
  return (
    <>
      <p className="hint">{t('variables.hint')}</p>
      <KeychainNotice health={app.keychain} />
      <StaleSessions />
      <section className="card" aria-label={t('scope')}>
        <ScopeFields
          draft={place}
          change={(patch) => {
            setReplacing(null);
            setPlace({ ...place, ...patch });
          }}
        />
      </section>
      <VariableForm
        key={formKey}
        scope={replacing?.scope ?? scope}
        replacing={replacing}
        onStopReplacing={() => setReplacing(null)}
      />
      <EnvText scope={scope} />
      <VariableList scope={scope} onReplace={setReplacing} />
    </>
  );
}

function initialPlace({ agents, settings }: Pick<AppState, 'agents' | 'settings'>, agentId: string | undefined): Place {
  const real = agents.filter((agent) => !agent.demo).map((agent) => agent.agentId);
  const known = [agentId, settings.selectedAgentId].find((id) => id !== undefined && real.includes(id));
  return {
    scopeKind: agentId !== undefined && known === agentId ? 'agent' : 'global',
    projectDir: settings.projectDir ?? '',
    agentId: known ?? real[0] ?? '',
  };
}
