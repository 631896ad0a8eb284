import { defined } from '../../../shared/defined.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { sharesFiles } from '../../../shared/model/shared-folder.ts';
import type {
  PromptResult,
  RunnerNotificationParams,
  RunnerParams,
  RunnerResult,
} from '../../../shared/runner-protocol/protocol.ts';
import type { AgentSession } from '../adapters/adapter.ts';
import { setRules } from '../egress/session-egress.ts';
import type { StartParams } from '../launched-session.ts';
import { createRest } from '../rest.ts';
import { createBetweenTurns } from './between-turns.ts';
import { cannotRest, closeEntry, type Entry, killEntries, stopEntry } from './entry.ts';
import { createLaunching, type LaunchingDependencies } from './launching.ts';

/** Milliseconds. The first prompt follows a start at once; should it not, the session rests like between two turns. */
const FIRST_PROMPT_MS = 2_000;

export interface Sessions {
  start(params: StartParams): Promise<RunnerResult<'session.start'>>;
  prompt(params: RunnerParams<'session.prompt'>): Promise<PromptResult>;
  cancel(params: RunnerParams<'session.cancel'>): void;
  answerPermission(params: RunnerParams<'session.answerPermission'>): void;
  setHosts(params: RunnerParams<'session.setHosts'>): void;
  background(params: RunnerParams<'session.background'>): Promise<void>;
  /** An agent is at work, or cannot be held still, in a folder that shares files with this one. */
  isAtWork(directory: string): boolean;
  close(sessionId: string): Promise<void>;
  /** Politely, all at once. */
  closeAll(): Promise<void>;
  /** Kills every session at once, without waiting for answers. */
  killAll(): Promise<void>;
}

export function createSessions(deps: LaunchingDependencies): Sessions {
  const entries = new Map<string, Entry>();
  const starting = new Set<string>();
  const launch = createLaunching({ ...deps, entries });
  const between = createBetweenTurns(deps);

  const find = (sessionId: string): Entry & { session: AgentSession } => {
    const entry = entries.get(sessionId);
    if (entry?.session === undefined || entry.closing) throw new PerchError('NOT_FOUND', { what: 'session' });
    return entry as Entry & { session: AgentSession };
  };

  const watch = (entry: Entry): void => {
    const { sessionId } = entry.params;
    void entry.launched.exited.then(async ({ exitCode, signal }) => {
      await entry.ended.catch(() => undefined);
      // The running prompt is answered first; its answer is on its way through promises already resolved.
      await new Promise((resolve) => setImmediate(resolve));
      entries.delete(sessionId);
      if (!entry.closing) deps.notify('session.exited', { sessionId, exitCode, signal });
    });
  };

  return {
    async start(params) {
      const { sessionId } = params;
      if (entries.has(sessionId) || starting.has(sessionId)) {
        throw new PerchError('INVALID_PARAMS', { where: 'this session exists' });
      }
      starting.add(sessionId);
      const entry = await launch(params).finally(() => starting.delete(sessionId));
      try {
        entry.session = await entry.launched.opened;
      } catch (error) {
        await entry.ended.catch(() => undefined);
        entries.delete(sessionId);
        throw error;
      }
      watch(entry);
      const { launched, fence } = entry;
      const writable = [params.policy.workingDirectory, ...params.policy.writable];
      entry.rest = createRest({ launched, guard: fence.guard, clock: deps.clock, writable });
      if (entry.rest.possible) {
        entry.background = between.backgroundOf(entry, entry.rest);
        entry.stopWaiting = deps.clock.after(
          FIRST_PROMPT_MS,
          () => void between.leftBehind(entry).catch(() => undefined),
        );
      }
      return startedOf(entry, entry.session);
    },
    async prompt({ sessionId, turnId, prompt, rules }) {
      const entry = find(sessionId);
      if (entry.turnId !== undefined) throw new PerchError('INVALID_PARAMS', { where: 'a prompt is running' });
      entry.turnId = turnId;
      entry.unreachedHosts.forget();
      const emit = (event: RunnerNotificationParams<'turn.event'>['event']): void => {
        deps.notify('turn.event', { sessionId, turnId, event });
      };
      try {
        // A program in a terminal never rests, and its terminal is read in the same moment as it is prompted.
        if (entry.rest?.possible === true) await between.wake(entry, emit);
        const endWatch = between.watchFiles(entry, emit);
        const result = await entry.session.prompt({ prompt, rules, emit }).finally(endWatch);
        // Before the end of the turn is reported: until then no program has a reason to use what it left.
        for (const event of await between.eventsLeft(entry)) emit(event);
        const left = await entry.background?.afterTurn(turnId);
        if (left !== undefined && left.processes.length > 0) emit({ type: 'background.left', ...left });
        return result;
      } finally {
        delete entry.turnId;
        // The next turn begins with another agent.
        if (entry.isCutOff() || cannotRest(entry)) void stopEntry(entry);
      }
    },
    cancel({ sessionId, turnId }) {
      const entry = entries.get(sessionId);
      if (entry?.turnId === turnId) entry.session?.cancel();
    },
    answerPermission({ sessionId, turnId, requestId, outcome }) {
      const entry = find(sessionId);
      const known = entry.turnId === turnId && entry.session.answerPermission(requestId, outcome);
      if (!known) throw new PerchError('NOT_FOUND', { what: 'permission request' });
    },
    setHosts({ sessionId, rules }) {
      const entry = entries.get(sessionId);
      if (entry === undefined || entry.closing) throw new PerchError('NOT_FOUND', { what: 'session' });
      setRules(entry.fence.egress, rules);
    },
    async background({ sessionId, act }) {
      const { background } = find(sessionId);
      if (background === undefined) throw new PerchError('BACKGROUND_GONE');
      await background.act(act);
    },
    isAtWork: (directory) =>
      [...entries.values()].some(
        ({ params, turnId, rest }) =>
          sharesFiles(params.workingDirectory, directory) && (turnId !== undefined || rest?.isResting() !== true),
      ),
    async close(sessionId) {
      const entry = entries.get(sessionId);
      if (entry !== undefined) await closeEntry(entry);
    },
    async closeAll() {
      await Promise.all([...entries.values()].map(closeEntry));
    },
    killAll: () => killEntries([...entries.values()]),
  };
}

function startedOf({ launched }: Entry, session: AgentSession): RunnerResult<'session.start'> {
  const { agentName, agentVersion, agentSessionId, continuation, mcpUnsupported } = session;
  return {
    agentName,
    ...defined({ agentVersion }),
    pid: launched.pid ?? 0,
    sandbox: launched.sandbox,
    ...defined({ agentSessionId, continuation }),
    ...(mcpUnsupported.length === 0 ? {} : { mcpUnsupported: [...mcpUnsupported] }),
  };
}
