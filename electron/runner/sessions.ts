import { PerchError } from '../../shared/errors/perch-error.ts';
import { type GuardedFile, guardedFileSchema } from '../../shared/model/guarded-file.ts';
import type { SecretPlace } from '../../shared/model/leak.ts';
import type { AgentEvent } from '../../shared/model/run-event.ts';
import { sharesFiles } from '../../shared/model/shared-folder.ts';
import { createRedactor } from '../../shared/redaction/redactor.ts';
import type {
  PromptResult,
  RunnerNotificationParams,
  RunnerParams,
  RunnerResult,
} from '../../shared/runner-protocol/protocol.ts';
import type { Clock } from '../node/clock.ts';
import type { AgentSession } from './adapters/adapter.ts';
import type { ValueMask } from './adapters/masked-events.ts';
import { eventsOf, type Found, noticeOf, unclearEvent } from './aside/report.ts';
import { type Background, createBackground } from './background.ts';
import { createReach, type Reach } from './egress/reach.ts';
import { setRules } from './egress/session-egress.ts';
import { checkEnvironment } from './environment.ts';
import { type Fence, openFence } from './fence.ts';
import type { Log } from './log.ts';
import type { Notify } from './notify.ts';
import type { WatchProcess } from './process/watch.ts';
import { createRest, type Rest, RestError } from './rest.ts';
import type { Quarantined } from './sandbox/guard/quarantine.ts';
import type { Sandbox } from './sandbox/sandbox.ts';
import { type LaunchedSession, launchSession, type SessionDependencies, type StartParams } from './session.ts';
import { launchTerminalSession } from './terminals/session.ts';
import type { Terminals } from './terminals/terminals.ts';

interface SessionsDependencies {
  readonly sandbox: Sandbox;
  readonly noSandbox: Sandbox;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly notify: Notify;
  readonly watchProcess: WatchProcess;
  readonly log: Log;
  readonly terminals: Pick<Terminals, 'attach'>;
}

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

interface Entry {
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
  readonly reach: Reach;
  /** True when the end was asked for and needs no report. */
  closing: boolean;
}

export function createSessions(deps: SessionsDependencies): Sessions {
  const entries = new Map<string, Entry>();
  const starting = new Set<string>();

  const find = (sessionId: string): Entry & { session: AgentSession } => {
    const entry = entries.get(sessionId);
    if (entry?.session === undefined || entry.closing) throw new PerchError('NOT_FOUND', { what: 'session' });
    return entry as Entry & { session: AgentSession };
  };

  const launch = async (params: StartParams): Promise<Entry> => {
    const { sessionId, policy } = params;
    checkStart(params);
    const told = new Set<string>();
    /** Each thing once a turn. */
    const isNews = (...what: string[]): boolean => {
      const key = JSON.stringify([...what, place().turnId]);
      return !told.has(key) && told.add(key).has(key);
    };
    const warn = (key: string): void => {
      const { turnId } = place();
      const event = { type: 'notice', level: 'warn', key, values: {} } as const;
      if (turnId !== undefined) deps.notify('turn.event', { sessionId, turnId, event });
    };
    let isGone = false;
    const reach = createReach();
    const secrets = createSecrets(params, (variable, where) => {
      if (!isNews(variable, where)) return;
      deps.notify('secret.found', { ...place(), variable, where });
    });
    const place = () => {
      const turnId = entries.get(sessionId)?.turnId;
      return { sessionId, ...(turnId === undefined ? {} : { turnId }) };
    };
    const log: SessionDependencies['log'] = (level, source, message) =>
      deps.log({ ...place(), level, source, message: secrets.redact(message) });
    const sandbox = policy.enforcement === 'off' ? deps.noSandbox : deps.sandbox;
    const fence = await openFence({
      sandbox,
      policy,
      upstream: params.upstreamProxy,
      clock: deps.clock,
      turnId: () => place().turnId,
      onRefused: (refused) => deps.notify('egress.refused', { ...place(), ...refused }),
      onDialled(where, reached) {
        reach.dialled(where, reached);
        if (!reached && isNews('unreached', where)) log('warn', 'egress', `${where} cannot be reached`);
      },
      onGone(reason) {
        log('error', 'egress', `the way out is gone: ${reason}`);
        isGone = true;
        warn('notice.network-gone');
        const entry = entries.get(sessionId);
        if (entry !== undefined && entry.turnId === undefined) void endEarly(entry);
      },
      onProxyProblem(problem) {
        if (!isNews('proxy', problem)) return;
        log('warn', 'egress', `the proxy of the network: ${problem}`);
        warn(`notice.proxy-${problem}`);
      },
    });
    try {
      const own = { ...deps, ...secrets, log, fence: fence.request, sandbox, unreached: reach.unreached };
      const launched =
        params.launch.adapter === 'terminal' ? await launchTerminalSession(params, own) : launchSession(params, own);
      const ended = launched.exited.then(async () => {
        entries.get(sessionId)?.rest?.leave();
        const found = await fence.close();
        for (const { path, how } of found) log('warn', 'sandbox', `new in the working directory, ${how}: ${path}`);
        return found;
      });
      // Callers that wait for the end get the error; the log gets it as well.
      ended.catch((error: unknown) =>
        log('error', 'sandbox', `the working directory was not looked through: ${error}`),
      );
      const { redact } = secrets;
      const isCutOff = (): boolean => isGone;
      const entry: Entry = { params, log, redact, launched, fence, ended, isCutOff, reach, closing: false };
      entries.set(sessionId, entry);
      return entry;
    } catch (error) {
      await fence.close();
      throw error;
    }
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

  /** When this answers, all processes are stopped, and what they left for the host to run was set aside. */
  const leftBehind = async (entry: Entry): Promise<Found[]> => {
    const { launched, ended, fence, rest } = entry;
    if (launched.hasExited()) return ended;
    if (rest === undefined) return fence.inspect();
    try {
      return await rest.begin();
    } catch (error) {
      entry.log('error', 'sandbox', `the session is ended: ${messageOf(error)}`);
      await launched.kill();
      return [...(await ended), { path: '', how: 'not-stopped' }];
    }
  };

  /** @throws PerchError NOT_FOUND when the session had to be ended instead: the core begins another */
  const wake = async (entry: Entry, emit: (event: AgentEvent) => void): Promise<void> => {
    entry.stopWaiting?.();
    await entry.background?.beforeTurn();
    try {
      await entry.rest?.end();
    } catch (error) {
      const broken = !(error instanceof RestError) || error.broken;
      const what = broken ? 'a process of the session was at work between two turns' : 'the session is started anew';
      entry.log(broken ? 'error' : 'warn', 'sandbox', `${what}: ${messageOf(error)}`);
      entry.closing = true;
      if (!broken) entry.rest?.leave();
      await entry.launched.kill();
      const found = await entry.ended.catch(() => []);
      if (broken) for (const event of reported(entry, [{ path: '', how: 'at-work' }, ...found])) emit(event);
      throw new PerchError('NOT_FOUND', { what: 'session' });
    }
  };

  const backgroundOf = (entry: Entry, rest: Rest): Background => {
    const { params, log, launched } = entry;
    const { sessionId, policy } = params;
    const filesOf = (events: readonly AgentEvent[]): GuardedFile[] =>
      events.flatMap((event) => {
        if (event.type === 'file.guarded') return [guardedFileSchema.parse(event)];
        if (event.type === 'notice') log('warn', 'sandbox', `${event.key} ${JSON.stringify(event.values)}`);
        return [];
      });
    return createBackground({
      sessionId,
      rest,
      pause: () => leftBehind(entry),
      filesOf: (found) => filesOf(reported(entry, found)),
      unclear: (path) => filesOf([unclearEvent(path, placeOf(entry))]),
      protected: policy.guard.held,
      ownNetwork: policy.network.kind !== 'shared',
      redact: entry.redact,
      clock: deps.clock,
      tell: (facts) => deps.notify('session.background', facts),
      failed(error) {
        if (launched.hasExited()) return;
        log('error', 'sandbox', `the session is ended: ${messageOf(error)}`);
        void launched.kill();
      },
    });
  };

  const placeOf = ({ params }: Entry) => ({ root: params.workingDirectory, newId: deps.newId });
  const reported = (entry: Entry, found: readonly Found[]): AgentEvent[] => eventsOf(found, placeOf(entry));

  const told = async (entry: Entry): Promise<AgentEvent[]> => {
    try {
      return reported(entry, await leftBehind(entry));
    } catch (error) {
      return [noticeOf('failed', { reason: messageOf(error) })];
    }
  };

  const watchFiles = (entry: Entry, emit: (event: AgentEvent) => void): (() => Promise<void>) => {
    const { rest, launched } = entry;
    if (rest === undefined) return async () => undefined;
    return rest.watch({
      unclear: (path) => emit(unclearEvent(path, placeOf(entry))),
      failed(error) {
        entry.log('error', 'sandbox', `a file could not be protected again, the session is ended: ${messageOf(error)}`);
        void launched.kill();
      },
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
        entry.background = backgroundOf(entry, entry.rest);
        entry.stopWaiting = deps.clock.after(FIRST_PROMPT_MS, () => void leftBehind(entry).catch(() => undefined));
      }
      const { agentName, agentVersion, agentSessionId, continuation, mcpUnsupported } = entry.session;
      return {
        agentName,
        ...(agentVersion === undefined ? {} : { agentVersion }),
        pid: entry.launched.pid ?? 0,
        sandbox: entry.launched.sandbox,
        ...(agentSessionId === undefined ? {} : { agentSessionId }),
        ...(continuation === undefined ? {} : { continuation }),
        ...(mcpUnsupported.length === 0 ? {} : { mcpUnsupported: [...mcpUnsupported] }),
      };
    },
    async prompt({ sessionId, turnId, prompt, rules }) {
      const entry = find(sessionId);
      if (entry.turnId !== undefined) throw new PerchError('INVALID_PARAMS', { where: 'a prompt is running' });
      entry.turnId = turnId;
      entry.reach.forget();
      const emit = (event: RunnerNotificationParams<'turn.event'>['event']): void => {
        deps.notify('turn.event', { sessionId, turnId, event });
      };
      try {
        // A program in a terminal never rests, and its terminal is read in the same moment as it is prompted.
        if (entry.rest?.possible === true) await wake(entry, emit);
        const endWatch = watchFiles(entry, emit);
        const result = await entry.session.prompt({ prompt, rules, emit }).finally(endWatch);
        // Before the end of the turn is reported: until then no program has a reason to use what it left.
        for (const event of await told(entry)) emit(event);
        const left = await entry.background?.afterTurn(turnId);
        if (left !== undefined && left.processes.length > 0) emit({ type: 'background.left', ...left });
        return result;
      } finally {
        delete entry.turnId;
        if (entry.isCutOff() || cannotRest(entry)) void endEarly(entry);
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
    close: (sessionId) => closeEntry(entries.get(sessionId)),
    async closeAll() {
      await Promise.all([...entries.values()].map(closeEntry));
    },
    async killAll() {
      for (const entry of entries.values()) {
        entry.closing = true;
        entry.rest?.leave();
      }
      await Promise.all([...entries.values()].map(({ launched }) => launched.kill()));
      await Promise.allSettled([...entries.values()].map(({ ended }) => ended));
    },
  };
}

async function closeEntry(entry: Entry | undefined): Promise<void> {
  if (entry === undefined) return;
  entry.closing = true;
  // A prompt that runs is answered as cancelled: its end was asked for.
  entry.session?.cancel();
  await stop(entry);
  await entry.ended.catch(() => undefined);
}

/** True when its processes cannot be held still between turns, and the next agent can go on with the conversation. */
const cannotRest = ({ rest, fence, session }: Entry): boolean =>
  rest?.possible === false && fence.guard !== undefined && session?.agentSessionId !== undefined;

/** The next turn begins with another agent, for example one that has a way out. */
function endEarly(entry: Entry): Promise<unknown> {
  return stop(entry);
}

/** Politely: it goes on for that, without anything to be seen in the working directory. */
async function stop({ stopWaiting, rest, background, launched, params }: Entry): Promise<void> {
  stopWaiting?.();
  await background?.beforeTurn();
  if (rest !== undefined && !(await rest.dismiss())) {
    rest.leave();
    await launched.kill();
    return;
  }
  await launched.stop(params.launch.limits.stop);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** @throws PerchError for what the core should never ask for */
function checkStart({ policy, workingDirectory, environment, secretNames, variableNames, launch }: StartParams): void {
  checkEnvironment(environment, variableNames);
  if (policy.workingDirectory !== workingDirectory) {
    throw new PerchError('INVALID_PARAMS', { where: 'the policy is for another working directory' });
  }
  const visible = [launch.command, ...launch.args, ...launch.stateFiles.map(({ content }) => content)];
  for (const name of secretNames) {
    const value = environment[name];
    if (value === undefined || value === '') continue;
    if (visible.some((text) => text.includes(value))) {
      throw new PerchError('INVALID_PARAMS', { where: `the value of ${name} must not be an argument or in a file` });
    }
  }
}

/**
 * The secrets that must not leave: every shape of a key in logs and errors, the session's own values also in its
 * events.
 */
function createSecrets(
  { environment, secretNames, upstreamProxy }: StartParams,
  onFound: (variable: string, where: SecretPlace) => void,
): {
  redact: (text: string) => string;
  mask: ValueMask;
  errorMask: ValueMask;
} {
  const tell = (where: SecretPlace) => (value: string) => {
    for (const name of secretNames) if (environment[name] === value) onFound(name, where);
  };
  const redactor = createRedactor();
  const mask = createRedactor({ shapes: [], onFound: tell('output') });
  const errorMask = createRedactor({ shapes: [], onFound: tell('log') });
  if (upstreamProxy?.authorization !== undefined) redactor.add(upstreamProxy.authorization);
  for (const name of secretNames) {
    const value = environment[name];
    if (value === undefined || value === '') continue;
    redactor.add(value);
    mask.add(value);
    errorMask.add(value);
  }
  return { redact: redactor.redact, mask, errorMask };
}
