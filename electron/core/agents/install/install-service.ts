import { PerchError, toWireError } from '../../../../shared/errors/perch-error.ts';
import { createListeners } from '../../../../shared/listeners.ts';
import type { InstallJob } from '../../../../shared/model/programs.ts';
import type { Agent } from '../schema.ts';
import type { ProgramFolders } from './folders.ts';
import { type IntoOptions, installInto } from './into.ts';

export interface Installer {
  /** The last one of each agent. */
  jobs(): InstallJob[];
  /**
   * Answers once it has begun; how it goes on is a job. `version`: absent, the one that was tried with Perch.
   * @throws PerchError AGENT_NOT_INSTALLABLE, INSTALL_RUNS_ALREADY, INSTALL_NO_NODE
   */
  install(agent: Agent, version?: string): InstallJob;
  /** Answers when nothing of it is left. Nothing, when none runs. */
  cancel(agentId: string): Promise<void>;
  /** @throws PerchError AGENT_NOT_OURS, INSTALL_RUNS_ALREADY */
  remove(agent: Agent): Promise<void>;
  onChange(listener: () => void): () => void;
  /** Ends what runs. */
  dispose(): Promise<void>;
}

interface InstallerOptions extends IntoOptions {
  readonly folders: ProgramFolders;
  /** Told after a program came or went. */
  readonly onInstalled: (agentId: string) => Promise<void>;
  readonly log: (message: string) => void;
}

interface Running {
  readonly aborter: AbortController;
  readonly ended: Promise<void>;
}

/** Installs agents into Perch's own folder, by the npm that comes with Perch and with the user's configuration of npm. */
export function createInstaller(options: InstallerOptions): Installer {
  const { folders, clock } = options;
  const jobs = new Map<string, InstallJob>();
  const running = new Map<string, Running>();
  const listeners = createListeners();
  // Before the first installation, whose own folder it would take for a left-over; and before the first session.
  const swept = folders.sweep().catch((error) => options.log(`what was left behind is still there: ${error}`));

  function tell(agentId: string, progress: InstallJob['progress']): void {
    const job = jobs.get(agentId);
    if (job !== undefined) jobs.set(agentId, { ...job, progress });
    listeners.notify();
  }

  async function attempt(
    agent: Agent,
    version: string | undefined,
    signal: AbortSignal,
  ): Promise<InstallJob['progress']> {
    const { agentId } = agent;
    let staged: string | undefined;
    try {
      await swept;
      staged = folders.stage(agentId);
      const done = await installInto(staged, options, {
        agent,
        version,
        signal,
        tell: (next) => tell(agentId, { state: 'running', ...next }),
      });
      signal.throwIfAborted();
      folders.put(agentId, staged, done);
      await options.onInstalled(agentId);
      return { state: 'done', version: done };
    } catch (error) {
      if (staged !== undefined)
        await folders.discard(staged).catch((left) => options.log(`${staged} is left: ${left}`));
      if (signal.aborted) return { state: 'cancelled' };
      options.log(`${agentId} was not installed: ${options.redact(describe(error))}`);
      return { state: 'failed', error: toWireError(asDiskFull(error, staged)) };
    }
  }

  async function run(agent: Agent, version: string | undefined, signal: AbortSignal): Promise<void> {
    const end = await attempt(agent, version, signal);
    // A listener that hears of the end may ask for the next installation.
    running.delete(agent.agentId);
    tell(agent.agentId, end);
  }

  function refuseWhileRunning(agent: Agent): void {
    if (running.has(agent.agentId)) throw new PerchError('INSTALL_RUNS_ALREADY', { agent: agent.name });
  }

  return {
    jobs: () => [...jobs.values()],
    install(agent, version) {
      const { agentId, install, installCommand, name } = agent;
      const values = { agent: name, agentId, installCommand };
      if (install === undefined) throw new PerchError('AGENT_NOT_INSTALLABLE', values);
      if (options.nodeExecutable === '' || options.npmCli === undefined)
        throw new PerchError('INSTALL_NO_NODE', values);
      refuseWhileRunning(agent);
      const job: InstallJob = {
        agentId,
        version: version ?? install.packages[0]?.version ?? '',
        startedAt: clock.now(),
        progress: { state: 'running', phase: 'fetching', packages: 0, bytes: 0 },
      };
      jobs.set(agentId, job);
      const aborter = new AbortController();
      running.set(agentId, { aborter, ended: run(agent, version, aborter.signal) });
      tell(agentId, job.progress);
      return job;
    },
    async cancel(agentId) {
      running.get(agentId)?.aborter.abort();
      await running.get(agentId)?.ended;
    },
    async remove(agent) {
      refuseWhileRunning(agent);
      await swept;
      if ((await folders.modules(agent.agentId)) === undefined)
        throw new PerchError('AGENT_NOT_OURS', { agent: agent.name });
      jobs.delete(agent.agentId);
      await folders.remove(agent.agentId);
      await options.onInstalled(agent.agentId);
      listeners.notify();
    },
    onChange(listener) {
      return listeners.add(listener);
    },
    async dispose() {
      const all = [...running.values()];
      for (const { aborter } of all) aborter.abort();
      await Promise.all(all.map(({ ended }) => ended));
    },
  };
}

function describe(error: unknown): string {
  return error instanceof PerchError ? `${error.code} ${error.values.reason}` : String(error);
}

function asDiskFull(error: unknown, file = ''): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOSPC' || code === 'EDQUOT' ? new PerchError('DISK_FULL', { file }, { cause: error }) : error;
}
