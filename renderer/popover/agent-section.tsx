import { useId, useRef, useState } from 'react';
import type { AgentView } from '../../shared/model/agent.ts';
import { useSlices, useT } from '../context/services.tsx';
import { DeclaredIn, OriginTag } from '../declared/origin-tag.tsx';
import { ErrorText, useErrorSentence } from '../failure/error-text.tsx';
import { InstallControl } from '../installs/install-control.tsx';
import { Conflicts } from '../plan/conflicts.tsx';
import { Icon } from '../ui/icon.tsx';
import { AgentList } from './agent-list.tsx';
import { agentVersion } from './agent-state.ts';
import { DemoTag } from './demo-tag.tsx';
import { DirectoryField } from './directory-field.tsx';
import { ModelField } from './model-field.tsx';
import { useToldInConversation } from './told-in-conversation.ts';

/** Referred to by controls that are off because the agent is not ready. */
export const AGENT_TROUBLE_ID = 'agent-trouble';

interface AgentSectionProps {
  readonly agents: readonly AgentView[];
  readonly selected: AgentView | undefined;
}

/** Which agent answers, with which model, where. */
export function AgentSection({ agents, selected }: AgentSectionProps) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const toggle = useRef<HTMLButtonElement>(null);
  const listId = useId();
  const close = () => {
    setOpen(false);
    toggle.current?.focus();
  };
  return (
    <section className="card agent-section" aria-label={t('agent')}>
      <button
        ref={toggle}
        type="button"
        className="agent-toggle"
        aria-expanded={open}
        aria-controls={listId}
        onClick={() => setOpen(!open)}
      >
        <span className="visually-hidden">{t('agent.choose')} </span>
        <SelectedAgent agent={selected} />
        <Icon name="chevron" />
      </button>
      <div id={listId} hidden={!open}>
        {open && <AgentList agents={agents} selectedId={selected?.agentId} onDone={close} />}
      </div>
      {selected && !open && <NotReady agent={selected} />}
      {selected && !open && <Conflicts conflicts={selected.conflicts ?? []} />}
      {selected && (
        <div className="agent-fields">
          {selected.origin?.kind === 'declared' ? (
            <DeclaredIn agent={selected} />
          ) : (
            selected.terminal === undefined && <ModelField agent={selected} key={selected.agentId} />
          )}
          <DirectoryField />
        </div>
      )}
    </section>
  );
}

function SelectedAgent({ agent }: { agent: AgentView | undefined }) {
  const t = useT();
  if (agent === undefined) return <span className="agent-name">{t('agent.none')}</span>;
  return (
    <span className="agent-line">
      <span className="agent-name">
        {agent.name} <DemoTag agent={agent} /> <OriginTag agent={agent} />
      </span>
      {/* Its state stands in the one line above. */}
      <span className="agent-meta">{agentVersion(agent)}</span>
    </span>
  );
}

/** Why the selected agent cannot start, unless the connection card or the conversation says it already. */
function NotReady({ agent }: { agent: AgentView }) {
  const { connection } = useSlices('connection');
  const sentence = useErrorSentence();
  const told = useToldInConversation(agent);
  if (agent.readiness.state === 'ready') return <ErrorText error={agent.cannotStart ?? null} />;
  if (told || agent.readiness.state !== 'not-ready' || connection.kind === 'needs-sign-in') return null;
  return agent.installation.state === 'missing' ? (
    <>
      <p className="agent-trouble" id={AGENT_TROUBLE_ID}>
        {sentence(agent.readiness.error)}
      </p>
      <div className="agent-install">
        <InstallControl agent={agent} />
      </div>
    </>
  ) : (
    <ErrorText error={agent.readiness.error} id={AGENT_TROUBLE_ID} />
  );
}
