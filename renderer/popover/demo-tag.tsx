import type { AgentView } from '../../shared/model/agent.ts';
import { useT } from '../context/services.tsx';

/** The demo is labelled as one everywhere, unless its name says so already. */
export function DemoTag({ agent }: { agent: AgentView }) {
  const t = useT();
  if (!agent.demo || agent.name.toLowerCase().includes('demo')) return null;
  return <span className="tag">{t('demo')}</span>;
}
