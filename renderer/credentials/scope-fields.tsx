import { useId } from 'react';
import type { Scope } from '../../shared/model/credential.ts';
import { useSlices, useT } from '../context/services.tsx';
import type { Draft } from './draft.ts';

const KINDS: readonly Scope['kind'][] = ['global', 'project', 'agent'];

/** The place that is chosen in these fields. */
export type Place = Pick<Draft, 'scopeKind' | 'projectDir' | 'agentId'>;

interface ScopeFieldsProps {
  readonly draft: Place;
  readonly change: (patch: Partial<Place>) => void;
}

/** Chooses the scope: every agent, one folder, one agent. */
export function ScopeFields({ draft, change }: ScopeFieldsProps) {
  const t = useT();
  const id = useId();
  return (
    <div className="form-columns">
      <div className="field">
        <label htmlFor={id}>{t('scope')}</label>
        <select
          id={id}
          value={draft.scopeKind}
          onChange={(event) => change({ scopeKind: event.target.value as Scope['kind'] })}
        >
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {t(`scope.${kind}`)}
            </option>
          ))}
        </select>
      </div>
      {draft.scopeKind === 'project' && <ProjectField draft={draft} change={change} />}
      {draft.scopeKind === 'agent' && <AgentField draft={draft} change={change} />}
    </div>
  );
}

function ProjectField({ draft, change }: ScopeFieldsProps) {
  const t = useT();
  const { recentProjects } = useSlices('recentProjects');
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{t('scope.project.folder')}</label>
      <input
        id={id}
        list={`${id}-recent`}
        value={draft.projectDir}
        spellCheck={false}
        placeholder={t('directory.placeholder')}
        onChange={(event) => change({ projectDir: event.target.value })}
      />
      <datalist id={`${id}-recent`}>
        {recentProjects.map((directory) => (
          <option key={directory} value={directory} />
        ))}
      </datalist>
    </div>
  );
}

function AgentField({ draft, change }: ScopeFieldsProps) {
  const t = useT();
  const { agents } = useSlices('agents');
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{t('agent')}</label>
      <select id={id} value={draft.agentId} onChange={(event) => change({ agentId: event.target.value })}>
        {agents
          .filter((agent) => !agent.demo)
          .map((agent) => (
            <option key={agent.agentId} value={agent.agentId}>
              {agent.name}
            </option>
          ))}
      </select>
    </div>
  );
}
