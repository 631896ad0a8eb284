import type { Params, Result } from '../../../shared/contract/methods.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { HostInfo } from '../../../shared/model/host.ts';
import type { Clock } from '../../node/clock.ts';
import type { AgentService } from '../agents/agent-service.ts';
import type { OwnLogins } from '../agents/login/own-logins.ts';
import type { Random } from '../ports.ts';
import type { ProviderRegistry } from '../providers/registry.ts';
import type { RunnerSupervisor } from '../runner-host/supervisor.ts';
import { tokenShapes } from '../terminals/token-shapes.ts';
import { type CaptureTarget, createLoginTerminal, type LoginProgram, type LoginTerminal } from './login-terminal.ts';

/**
 * Milliseconds without a reader after which a terminal counts as abandoned: a window that reloads is back long before.
 */
const ABANDONED_MS = 60_000;

export interface TerminalService {
  /** @throws PerchError TERMINALS_UNAVAILABLE, LOGIN_STILL_RUNS, LOGIN_UNKNOWN, AGENT_*, SANDBOX_*, RUNNER_* */
  start(params: Params<'terminals.start'>): Promise<Result<'terminals.start'>>;
  /** The others: @throws PerchError NOT_FOUND for an id that is not, or no longer, a terminal's */
  read(params: Params<'terminals.read'>): Promise<Result<'terminals.read'>>;
  write(params: Params<'terminals.write'>): Promise<void>;
  resize(params: Params<'terminals.resize'>): Promise<void>;
  store(params: Params<'terminals.store'>): Promise<void>;
  close(params: Params<'terminals.close'>): Promise<void>;
  /** @throws PerchError AGENT_UNKNOWN, LOGIN_STILL_RUNS */
  signOut(params: Params<'terminals.signOut'>): Promise<void>;
  /** @throws PerchError AGENT_UNKNOWN */
  checkLogin(params: Params<'terminals.checkLogin'>): Promise<void>;
  dispose(): Promise<void>;
}

interface TerminalServiceOptions {
  readonly runner: Pick<RunnerSupervisor, 'request'>;
  readonly agents: Pick<AgentService, 'prepareLogin' | 'view'>;
  readonly ownLogins: Pick<OwnLogins, 'check' | 'signedIn' | 'signOut'>;
  readonly registry: Pick<ProviderRegistry, 'get' | 'all'>;
  readonly credentials: { set(params: Params<'credentials.set'>): Promise<Result<'credentials.set'>> };
  /** Masks a value in all that Perch writes; returns the way to take that back. */
  readonly mask: (value: string) => () => void;
  readonly terminals: HostInfo['terminals'];
  readonly clock: Clock;
  readonly random: Random;
}

interface Entry {
  /** Changes with its owner. */
  id: string;
  readonly agentId: string;
  readonly wayId: string;
  readonly terminal: LoginTerminal;
  stopAbandonTimer: () => void;
}

/** The agents' own logins, one at a time for each agent. */
export function createTerminalService(options: TerminalServiceOptions): TerminalService {
  const { runner, agents, ownLogins, registry, clock, random } = options;
  const entries = new Map<string, Entry>();
  const starting = new Set<string>();

  const find = (terminalId: string): Entry => {
    for (const entry of entries.values()) if (entry.id === terminalId) return entry;
    throw new PerchError('NOT_FOUND');
  };
  const end = async (entry: Entry): Promise<void> => {
    entry.stopAbandonTimer();
    if (entries.get(entry.agentId) === entry) entries.delete(entry.agentId);
    await entry.terminal.close();
  };
  const watch = (entry: Entry): void => {
    entry.stopAbandonTimer();
    entry.stopAbandonTimer = clock.after(ABANDONED_MS, () => {
      // A token that could not be stored waits for the next reader.
      if (entry.terminal.capture.state !== 'failed') void end(entry);
    });
  };
  const stillRuns = (agentId: string) => new PerchError('LOGIN_STILL_RUNS', { agent: agents.view(agentId).name });

  const goOn = (entry: Entry, wayId: string): Result<'terminals.start'> => {
    if (entry.wayId !== wayId) throw stillRuns(entry.agentId);
    entry.id = random.uuid();
    watch(entry);
    return { terminalId: entry.id, resumed: true };
  };

  const open = async (params: Params<'terminals.start'>): Promise<Result<'terminals.start'>> => {
    const { agentId, wayId, size } = params;
    const prepared = await agents.prepareLogin({ agentId, wayId });
    const terminalId = random.uuid();
    const { command, args, stateFiles, environment, policy, prints } = prepared;
    const { workingDirectory } = policy;
    await runner.request('terminal.start', {
      ...{ terminalId, command, args, stateFiles, environment, policy, workingDirectory, size },
    });
    const terminal = createLoginTerminal({
      program: programOf(runner, terminalId),
      size,
      shapes: tokenShapes(registry.all()),
      target: prints && targetOf(prints, params),
      clock,
    });
    const entry: Entry = { id: random.uuid(), agentId, wayId, terminal, stopAbandonTimer: () => {} };
    entries.set(agentId, entry);
    watch(entry);
    void terminal.settled.then(() => ownLogins.signedIn(agentId));
    return { terminalId: entry.id, resumed: false };
  };

  const targetOf = (
    { providerId, variable }: { providerId: string; variable: string },
    { scope, storage }: Params<'terminals.start'>,
  ): CaptureTarget => ({
    provider: registry.get(providerId),
    variable,
    storage,
    store: (value, kept) => options.credentials.set({ providerId, variable, scope, value, storage: kept }),
    mask: options.mask,
  });

  return {
    async start(params) {
      const { agentId, wayId } = params;
      if (options.terminals.state !== 'available') {
        throw new PerchError('TERMINALS_UNAVAILABLE', { reason: options.terminals.reason });
      }
      const before = entries.get(agentId);
      if (before !== undefined && isOpen(before.terminal)) return goOn(before, wayId);
      if (starting.has(agentId)) throw stillRuns(agentId);
      starting.add(agentId);
      try {
        if (before !== undefined) await end(before);
        return await open(params);
      } finally {
        starting.delete(agentId);
      }
    },
    async read({ terminalId, after }) {
      const entry = find(terminalId);
      entry.stopAbandonTimer();
      const seen = await entry.terminal.read({ after });
      // Another window has the terminal meanwhile, or none.
      if (entry.id !== terminalId) throw new PerchError('NOT_FOUND');
      if (entries.get(entry.agentId) === entry) watch(entry);
      return seen;
    },
    write: ({ terminalId, data }) => find(terminalId).terminal.write(data),
    resize: ({ terminalId, size }) => find(terminalId).terminal.resize(size),
    store: ({ terminalId, storage }) => find(terminalId).terminal.store(storage),
    close: ({ terminalId }) => end(find(terminalId)),
    async signOut({ agentId }) {
      agents.view(agentId);
      const running = entries.get(agentId);
      if (running?.terminal.progress.state === 'running' || starting.has(agentId)) throw stillRuns(agentId);
      ownLogins.signOut(agentId);
    },
    async checkLogin({ agentId }) {
      agents.view(agentId);
      await ownLogins.check(agentId);
    },
    async dispose() {
      await Promise.all([...entries.values()].map(end));
    },
  };
}

/** True while the login runs, or holds a token that is not stored. */
function isOpen({ progress, capture }: LoginTerminal): boolean {
  return progress.state === 'running' || capture.state === 'failed';
}

function programOf(runner: Pick<RunnerSupervisor, 'request'>, terminalId: string): LoginProgram {
  return {
    read: () => runner.request('terminal.read', { terminalId }),
    write: (data) => runner.request('terminal.write', { terminalId, data }),
    resize: (size) => runner.request('terminal.resize', { terminalId, size }),
    close: () => runner.request('terminal.close', { terminalId }),
  };
}
