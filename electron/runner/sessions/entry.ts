import type { AgentSession } from '../adapters/adapter.ts';
import type { Background } from '../background.ts';
import type { UnreachedHosts } from '../egress/unreached-hosts.ts';
import type { Fence } from '../fence.ts';
import type { LaunchedSession, SessionDependencies, StartParams } from '../launched-session.ts';
import type { Rest } from '../rest.ts';
import type { Quarantined } from '../sandbox/guard/quarantine.ts';

/** One session, from the spawn of its agent until its process is gone. */
export interface Entry {
  readonly params: StartParams;
  readonly log: SessionDependencies['log'];
  readonly redact: (text: string) => string;
  readonly launched: LaunchedSession;
  readonly fence: Fence;
  /** Between its turns; there from the moment that it is open. */
  rest?: Rest;
  background?: Background;
  /** Takes back what happens when no prompt follows its start. */
  stopWaiting?: () => void;
  /** Settles when the process is gone and its fence is closed, with what that set aside. */
  readonly ended: Promise<Quarantined[]>;
  session?: AgentSession;
  turnId?: string;
  /** True when the session has no way to the network any more. */
  readonly isCutOff: () => boolean;
  readonly unreachedHosts: UnreachedHosts;
  /** True when the end was asked for and needs no report. */
  closing: boolean;
}

/** True when its processes cannot be held still between turns, and the next agent can go on with the conversation. */
export const cannotRest = ({ rest, fence, session }: Entry): boolean =>
  rest?.possible === false && fence.guard !== undefined && session?.agentSessionId !== undefined;

export async function closeEntry(entry: Entry): Promise<void> {
  entry.closing = true;
  // A prompt that runs is answered as cancelled: its end was asked for.
  entry.session?.cancel();
  await stopEntry(entry);
  await entry.ended.catch(() => undefined);
}

/** Politely: it goes on for that, without anything to be seen in the working directory. */
export async function stopEntry({ stopWaiting, rest, background, launched, params }: Entry): Promise<void> {
  stopWaiting?.();
  await background?.beforeTurn();
  if (rest !== undefined && !(await rest.dismiss())) {
    rest.leave();
    await launched.kill();
    return;
  }
  await launched.stop(params.launch.limits.stop);
}

/** At once, without waiting for answers. */
export async function killEntries(entries: readonly Entry[]): Promise<void> {
  for (const entry of entries) {
    entry.closing = true;
    entry.rest?.leave();
  }
  await Promise.all(entries.map(({ launched }) => launched.kill()));
  await Promise.allSettled(entries.map(({ ended }) => ended));
}
