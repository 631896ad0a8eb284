import { useCallback, useEffect, useRef, useState } from 'react';
import type { Result } from '../../shared/contract/methods.ts';
import { defined } from '../../shared/defined.ts';
import type { WireError } from '../../shared/errors/perch-error.ts';
import type { AgentView } from '../../shared/model/agent.ts';
import type { LiveModels } from '../../shared/model/live-models.ts';
import type { ModelInfo } from '../../shared/model/model-info.ts';
import { useServices, useSlices } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';

const NO_MODELS: readonly ModelInfo[] = [];
const NO_RECENT: Result<'agents.recentModels'>['models'] = [];

export interface Models {
  readonly known: readonly ModelInfo[];
  readonly recent: Result<'agents.recentModels'>['models'];
  /** Undefined while the provider is being asked. */
  readonly live: LiveModels | undefined;
  readonly error: WireError | null;
  readonly askAgain: () => void;
}

/** The models to choose from for an agent. Requested whenever `wanted` becomes true; the core remembers for a while. */
export function useModels(agent: AgentView, wanted: boolean): Models {
  const { transport } = useServices();
  const { settings, credentials } = useSlices('settings', 'credentials');
  const { agentId } = agent;
  const { providerId } = agent.effective;
  const { projectDir } = settings;
  const place = { agentId, ...defined({ projectDir }) };
  const [known, setKnown] = useState(NO_MODELS);
  const [recent, setRecent] = useState(NO_RECENT);
  const [live, setLive] = useState<LiveModels>();
  const latest = useRef(0);
  const load = useAction(async (round: number) => {
    const isLatest = () => latest.current === round;
    const [ofProvider, ofAgent] = await Promise.all([
      providerId === undefined ? undefined : transport.call('providers.models', { providerId }),
      transport.call('agents.recentModels', place),
    ]);
    if (!isLatest()) return;
    setKnown(ofProvider?.models ?? NO_MODELS);
    setRecent(ofAgent.models);
  });
  const ask = useAction(async (round: number, fresh: boolean) => {
    const answer = await transport.call('agents.liveModels', { ...place, ...(fresh ? { fresh } : {}) });
    if (latest.current === round) setLive(answer.live);
  });
  const [loadNow, askNow] = [load.run, ask.run];
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what the answers depend on
  useEffect(() => {
    if (!wanted) return;
    latest.current += 1;
    setLive(undefined);
    void loadNow(latest.current);
    void askNow(latest.current, false);
  }, [wanted, agentId, providerId, projectDir, credentials, loadNow, askNow]);
  const askAgain = useCallback(() => {
    setLive(undefined);
    void askNow(latest.current, true);
  }, [askNow]);
  return { known, recent, live, error: load.error ?? ask.error, askAgain };
}
