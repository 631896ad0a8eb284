import type { AgentView } from '../../shared/model/agent.ts';
import { useT } from '../context/services.tsx';

/** Agents that Perch does not bring along say so wherever they are named. */
export function OriginTag({ agent }: { agent: AgentView }) {
  const t = useT();
  if (agent.origin === undefined) return null;
  return <span className="tag">{t(`origin.${agent.origin.kind}`)}</span>;
}

/** In place of the controls of an agent that only its file changes. */
export function DeclaredIn({ agent }: { agent: AgentView }) {
  const t = useT();
  if (agent.origin?.kind !== 'declared') return null;
  return <p className="hint">{t('declared.editFile', { file: agent.origin.file })}</p>;
}
