import { useEffect, useRef, useState } from 'react';
import type { Result } from '../../shared/contract/methods.ts';
import type { WireError } from '../../shared/errors/perch-error.ts';
import { useServices, useSlices } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';

export type TypedLook = Result<'projects.look'>;

/** The core's answer about the text; undefined while it looks at this very text. */
export function useTypedFolder(text: string): { look: TypedLook | undefined; error: WireError | null } {
  const { transport } = useServices();
  const { agents, settings } = useSlices('agents', 'settings');
  const sandboxed = agents.find(({ agentId }) => agentId === settings.selectedAgentId)?.settings.sandbox !== 'off';
  const [answer, setAnswer] = useState<{ text: string; look: TypedLook }>();
  const latest = useRef(text);
  const ask = useAction(async (typed: string) => {
    const look = await transport.call('projects.look', { typed, sandboxed });
    // An answer that comes late is of a text that is gone.
    if (latest.current === typed) setAnswer({ text: typed, look });
  });
  const { run } = ask;
  useEffect(() => {
    latest.current = text;
    void run(text);
  }, [text, run]);
  return { look: answer?.text === text ? answer.look : undefined, error: ask.error };
}
