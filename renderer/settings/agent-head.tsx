import type { AgentView } from '../../shared/model/agent.ts';
import { useT } from '../context/services.tsx';
import { OriginTag } from '../declared/origin-tag.tsx';
import { agentSummary, useAgentState } from '../popover/agent-state.ts';
import { DemoTag } from '../popover/demo-tag.tsx';
import { OutsideLink } from '../ui/link.tsx';
import { StatusDot } from '../ui/status-dot.tsx';

/** Its name, how it is, and what it is. */
export function AgentHead({ agent }: { agent: AgentView }) {
  const t = useT();
  const state = useAgentState(agent);
  return (
    <>
      <div className="row row-between">
        <h3>
          {agent.name} <DemoTag agent={agent} /> <OriginTag agent={agent} />
        </h3>
        <span className="agent-meta">
          <StatusDot tone={state.tone} /> {agentSummary(agent, state)}
        </span>
      </div>
      <p className="hint">
        {agent.description} {agent.homepage && <OutsideLink href={agent.homepage}>{t('agents.homepage')}</OutsideLink>}
      </p>
    </>
  );
}
