import { delimiter, dirname, join } from 'node:path';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { Clock } from '../../../node/clock.ts';
import type { Agent } from '../schema.ts';
import { type Counted, createCount } from './count.ts';
import { failureOf } from './failure.ts';
import type { ProgramFolders } from './folders.ts';
import { runNpm } from './npm.ts';
import { type NpmHost, npmEnvironment } from './npm-config.ts';
import { cacheOf, installArgs, scriptArgs, stagedVersion, writeManifest } from './stage.ts';

export interface IntoOptions {
  /** Empty: there is none. */
  readonly nodeExecutable: string;
  /** The file of npm that Node runs; undefined: this installation has none. */
  readonly npmCli: string | undefined;
  /** The user's, whose configuration of npm decides where packages come from. */
  readonly npmHost: () => Promise<NpmHost>;
  /** True when a folder of packages holds the agent with everything that it needs on this machine. */
  readonly isWhole: (agent: Agent, modules: string) => Promise<boolean>;
  readonly folders: Pick<ProgramFolders, 'discard'>;
  readonly redact: (text: string) => string;
  readonly clock: Clock;
}

interface Wanted {
  readonly agent: Agent;
  /** Undefined: the one that was tried with Perch. */
  readonly version: string | undefined;
  readonly signal: AbortSignal;
  readonly tell: (counted: Counted) => void;
}

/**
 * Installs an agent's packages into an empty folder. Answers the version.
 * @throws PerchError INSTALL_*, DISK_FULL, and the signal's reason
 */
export async function installInto(folder: string, options: IntoOptions, wanted: Wanted): Promise<string> {
  const { agent, version, signal, tell } = wanted;
  const { nodeExecutable, npmCli = '', redact, clock } = options;
  const { agentId, name, installCommand, install } = agent;
  if (install === undefined) throw new PerchError('AGENT_NOT_INSTALLABLE', { agent: name, agentId, installCommand });
  const own = install.packages[0];
  const values = {
    agent: name,
    agentId,
    installCommand,
    wanted: `${own?.name}@${version ?? own?.version}`,
    file: folder,
  };

  writeManifest(folder, install, version);
  const { environment, globalConfig } = await npmEnvironment(await options.npmHost());
  const count = createCount({ cache: cacheOf(folder), clock, tell });
  const npm = async (args: readonly string[], variables: Readonly<Record<string, string>>) => {
    const call = { node: nodeExecutable, cli: npmCli, args, environment: variables, workingDirectory: folder, signal };
    const end = await runNpm({ ...call, onLine: count.line });
    signal.throwIfAborted();
    if (end.exitCode !== 0) throw failureOf(end.output, { values, redact });
  };
  try {
    await npm(installArgs(folder, globalConfig), environment);
    count.placing();
    if (install.scripts) await npm(scriptArgs(folder), scriptEnvironment(folder, nodeExecutable));
  } finally {
    count.stop();
  }
  await options.folders.discard(cacheOf(folder));
  if (!(await options.isWhole(agent, join(folder, 'node_modules')))) {
    throw new PerchError('INSTALL_FAILED', { ...values, reason: 'no program for this machine is in the package' });
  }
  return stagedVersion(folder, install);
}

/** A package's scripts get nothing of the user's: no configuration, no token, no home. */
function scriptEnvironment(folder: string, nodeExecutable: string): Record<string, string> {
  return { HOME: folder, PATH: [dirname(nodeExecutable), '/usr/bin', '/bin'].join(delimiter) };
}
