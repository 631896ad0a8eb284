import type { NetworkRules } from '../../../shared/egress/rules.ts';
import type { AllowedHost, EgressState } from '../../../shared/model/egress.ts';
import type { Clock } from '../../node/clock.ts';
import type { AllowedHosts } from '../network/egress/allowed-hosts.ts';
import { createRefusedHosts } from '../network/egress/refused-hosts.ts';
import { withAllowed } from '../network/egress/session-rules.ts';
import type { RunnerSupervisor } from './supervisor.ts';

/** A session that runs, as the hosts it may reach depend on it. */
export interface EgressSession {
  readonly sessionId: string;
  readonly agentId: string;
  readonly projectDir: string;
  /** The rules that the session started with, without the user's own hosts. Undefined when nothing restricts it. */
  readonly defaultRules?: NetworkRules | undefined;
}

export interface EgressService {
  state(): EgressState;
  /** Answers when the sessions have it. @throws PerchError HOST_INVALID */
  allow(request: Parameters<AllowedHosts['allow']>[0]): Promise<AllowedHost[]>;
  /** Answers when the sessions have it. @throws PerchError HOST_INVALID, NOT_FOUND */
  remove(request: Parameters<AllowedHosts['remove']>[0]): Promise<AllowedHost[]>;
  dismiss(): void;
}

/** Hands the user's allowed hosts to the sessions that run, each with its whole new set. */
export function createEgressService(options: {
  allowed: AllowedHosts;
  runner: Pick<RunnerSupervisor, 'request' | 'onNotification'>;
  sessions: () => readonly EgressSession[];
  /** The agent of a running turn asks for this host by itself. */
  isOwnTraffic: (turnId: string, host: string) => boolean;
  clock: Pick<Clock, 'now'>;
  onChange: () => void;
  /** A running session did not take its new hosts: it goes on with those it had. */
  onFailure: (sessionId: string, error: unknown) => void;
}): EgressService {
  const { allowed, runner, sessions, isOwnTraffic, clock, onChange, onFailure } = options;
  const refused = createRefusedHosts({ onChange });

  runner.onNotification('egress.refused', ({ sessionId, turnId, host, port, reason }) => {
    const session = sessions().find((one) => one.sessionId === sessionId);
    // A request of the agent's own, before or after a turn, is in the session's log only: no turn waits for it.
    if (session === undefined || turnId === undefined || isOwnTraffic(turnId, host)) return;
    const { agentId, projectDir } = session;
    refused.add({ agentId, projectDir, sessionId, turnId, host, port, reason, at: clock.now() });
  });

  async function tellSessions(): Promise<void> {
    const told = sessions().flatMap(({ sessionId, agentId, projectDir, defaultRules }) => {
      if (defaultRules === undefined) return [];
      const rules = withAllowed(defaultRules, allowed.rulesFor({ agentId, projectDir }));
      return [
        runner.request('session.setHosts', { sessionId, rules }).catch((error: unknown) => onFailure(sessionId, error)),
      ];
    });
    await Promise.all(told);
  }

  return {
    state: () => ({ allowed: allowed.list(), refused: refused.list() }),
    async allow(request) {
      const now = allowed.allow(request);
      await tellSessions();
      refused.settle(allowed.rulesFor);
      onChange();
      return now;
    },
    async remove(request) {
      const removed = allowed.remove(request);
      await tellSessions();
      onChange();
      return removed;
    },
    dismiss: refused.clear,
  };
}
