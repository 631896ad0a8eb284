import { defined } from '../../../shared/defined.ts';
import type { NetworkRules } from '../../../shared/egress/rules.ts';
import type { CredentialView } from '../../../shared/model/credential.ts';
import type { VariableView } from '../../../shared/model/variable.ts';
import type { RunnerResult } from '../../../shared/runner-protocol/protocol.ts';
import type { Clock } from '../../node/clock.ts';
import type { Launch } from '../launch/launch.ts';
import { unsetBetween } from '../launch/session-env/environment-names.ts';
import type { GivenNames } from '../launch/session-env/given-names.ts';
import type { AgentSessionStore } from './agent-session-store.ts';
import type { BackgroundFollower } from './background.ts';
import type { TurnRunner } from './ports.ts';

/** Milliseconds without a turn after which an agent is stopped. */
export const IDLE_LIMIT_MS = 5 * 60_000;

/** The facts about an open session. `secretNames`: the variables whose values it holds. */
export interface SessionFacts {
  readonly sessionId: string;
  readonly agentId: string;
  readonly projectDir: string;
  readonly providerId?: string;
  readonly secretNames: readonly string[];
  /** The hosts it may reach without the user's own. Undefined when nothing holds it back. */
  readonly defaultRules?: NetworkRules;
  /** The credentials whose values the session holds. */
  readonly credentials: readonly CredentialView[];
  readonly variables: readonly VariableView[];
}

interface OpenRequest {
  readonly sessionId: string;
  readonly agentId: string;
  readonly projectDir: string;
  readonly launch: Launch;
  /** Called before the agent is started, not for one that runs already. What it throws, `open` rejects with. */
  readonly beforeStart: () => void;
}

/**
 * `replaced`: an agent with another environment was stopped for it. A `reused` one knows the conversation, and one that
 * says in `started` that it continued it.
 */
export interface OpenedSession {
  readonly how: 'new' | 'reused' | 'replaced';
  readonly started: RunnerResult<'session.start'>;
  /** Names that the agent before it in this conversation had, and this one has not. */
  readonly unset: readonly { readonly name: string; readonly reason: string }[];
}

interface Session {
  readonly facts: SessionFacts;
  readonly fingerprint: string;
  /** Undefined while the agent starts. */
  started: RunnerResult<'session.start'> | undefined;
  /** Holds what it no longer should: closed as soon as no turn runs in it. */
  stale: boolean;
  /** Takes the end of an idle session back; undefined while a turn uses it. */
  stopIdleTimer: (() => void) | undefined;
}

export type Sessions = ReturnType<typeof createSessions>;

/** The agents that run. One turn at a time uses a session: the caller that opens it keeps its turns in a queue. */
export function createSessions(options: {
  runner: Pick<TurnRunner, 'request'>;
  clock: Clock;
  agentSessions: Pick<AgentSessionStore, 'get' | 'set'>;
  given: Pick<GivenNames, 'set' | 'of'>;
  /** What the turns of a session left running. Ending the session would end it. */
  background: Pick<BackgroundFollower, 'has' | 'forget'>;
  onCloseFailed: (sessionId: string, error: unknown) => void;
  /** A session was opened or is gone. */
  onChange: () => void;
}) {
  const { runner, clock, agentSessions, given, background, onCloseFailed, onChange } = options;
  const sessions = new Map<string, Session>();
  const closing = new Map<string, Promise<void>>();

  function forget(sessionId: string): void {
    sessions.get(sessionId)?.stopIdleTimer?.();
    background.forget(sessionId);
    if (sessions.delete(sessionId)) onChange();
  }

  /** Answers when the agent is gone. Asked again meanwhile, it is the same close. */
  function close(sessionId: string): Promise<void> {
    forget(sessionId);
    const running = closing.get(sessionId);
    if (running !== undefined) return running;
    const closed = runner
      .request('session.close', { sessionId })
      .catch((error: unknown) => onCloseFailed(sessionId, error))
      .then(() => void closing.delete(sessionId));
    closing.set(sessionId, closed);
    return closed;
  }

  function beIdle(sessionId: string, session: Session): void {
    session.stopIdleTimer?.();
    const waits = background.has(sessionId);
    session.stopIdleTimer = waits ? () => undefined : clock.after(IDLE_LIMIT_MS, () => void close(sessionId));
  }

  async function start(request: OpenRequest): Promise<RunnerResult<'session.start'>> {
    const { sessionId, launch } = request;
    request.beforeStart();
    const session = newSession(request);
    sessions.set(sessionId, session);
    onChange();
    const agentSessionId = agentSessions.get(sessionId);
    try {
      session.started = await runner.request('session.start', {
        sessionId,
        launch: launch.launch,
        environment: launch.environment,
        secretNames: launch.secretNames,
        variableNames: launch.variables.map(({ name }) => name),
        policy: launch.policy,
        ...defined({ upstreamProxy: launch.upstreamProxy }),
        workingDirectory: request.projectDir,
        auth: launch.auth,
        ...defined({ agentSessionId }),
      });
      const { agentSessionId: own } = session.started;
      if (own !== undefined && own !== agentSessionId) agentSessions.set(sessionId, own);
      return session.started;
    } catch (error) {
      if (sessions.get(sessionId) === session) forget(sessionId);
      throw error;
    }
  }

  async function open(request: OpenRequest): Promise<OpenedSession> {
    const { sessionId, launch } = request;
    // One id stands for one agent: the next starts only when the last is gone.
    await closing.get(sessionId);
    background.forget(sessionId);
    const present = sessions.get(sessionId);
    present?.stopIdleTimer?.();
    if (present?.started !== undefined && present.fingerprint === launch.fingerprint) {
      present.stopIdleTimer = undefined;
      return { how: 'reused', started: present.started, unset: [] };
    }
    if (present !== undefined) await close(sessionId);
    const started = await start(request);
    const { agentId, projectDir } = request;
    const unset = unsetBetween(given.of(sessionId), launch.environmentNames);
    given.set(sessionId, { agentId, projectDir, names: launch.environmentNames });
    return { how: present === undefined ? 'new' : 'replaced', started, unset };
  }

  return {
    open,
    close,
    forget,
    facts: (): SessionFacts[] => [...sessions.values()].map(({ facts }) => facts),
    isOpen: (sessionId: string): boolean => sessions.has(sessionId),
    /** The turn is over: the agent waits for the next one, unless it is stale. */
    async release(sessionId: string): Promise<void> {
      const session = sessions.get(sessionId);
      if (session?.stale) await close(sessionId);
      else if (session) beIdle(sessionId, session);
    },
    /** Nothing runs in the background of a session any more. */
    idle(sessionId: string): void {
      const session = sessions.get(sessionId);
      if (session?.stopIdleTimer !== undefined) beIdle(sessionId, session);
    },
    /** Idle ones at once, answering when they are gone; those with a running turn when it is over. */
    async closeWhere(predicate: (session: SessionFacts) => boolean): Promise<void> {
      const matching = [...sessions.values()].filter(({ facts }) => predicate(facts));
      for (const session of matching) session.stale = true;
      const idle = matching.filter(({ stopIdleTimer }) => stopIdleTimer !== undefined);
      await Promise.all(idle.map(({ facts }) => close(facts.sessionId)));
    },
    /** The runner is gone, and every agent with it. */
    forgetAll: (): void => [...sessions.keys()].forEach(forget),
    async closeAll(): Promise<void> {
      await Promise.all([...sessions.keys()].map(close));
    },
  };
}

function newSession({ sessionId, agentId, projectDir, launch }: OpenRequest): Session {
  const { providerId, secretNames, credentials, variables, fingerprint, defaultRules } = launch;
  const facts = {
    sessionId,
    agentId,
    projectDir,
    secretNames,
    credentials,
    variables,
    ...defined({ providerId, defaultRules }),
  };
  return { facts, fingerprint, started: undefined, stale: false, stopIdleTimer: undefined };
}
