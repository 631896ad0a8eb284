import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { InstallJob } from '../../../shared/model/programs.ts';
import type { AgentService } from '../agents/agent-service.ts';
import type { ProgramFolders } from '../agents/install/folders.ts';
import { createInstaller } from '../agents/install/install-service.ts';
import { networkVariables } from '../agents/install/network-variables.ts';
import { isNpmVariable } from '../agents/install/npm-config.ts';
import { createWholeness } from '../agents/install/whole.ts';
import { thisMachine } from '../agents/machine.ts';
import type { Agent } from '../agents/schema.ts';
import { joinPaths, type LoginPath } from '../machine/login-shell/path.ts';
import type { NetworkService } from '../network/network-service.ts';
import type { HostPorts } from '../ports.ts';
import type { LogWriter } from '../storage/logs/log-store.ts';
import type { TurnService } from '../turns/turn-service.ts';

/** Agents that Perch installs on the user's word. */
export interface Installs {
  jobs(): InstallJob[];
  /** @throws PerchError AGENT_UNKNOWN, AGENT_NOT_INSTALLABLE, INSTALL_RUNS_ALREADY, INSTALL_NO_NODE */
  install(agentId: string, version?: string): InstallJob;
  cancel(agentId: string): Promise<void>;
  /** @throws PerchError AGENT_UNKNOWN, AGENT_NOT_OURS, AGENT_IN_USE, INSTALL_RUNS_ALREADY */
  remove(agentId: string): Promise<void>;
  onChange(listener: () => void): () => void;
  dispose(): Promise<void>;
}

export function createInstalls(options: {
  ports: Pick<HostPorts, 'paths' | 'clock' | 'environment'>;
  folders: ProgramFolders;
  descriptions: () => readonly Agent[];
  agents: Pick<AgentService, 'view' | 'refresh'>;
  turns: Pick<TurnService, 'openSessions' | 'closeSessionsOf'>;
  loginPath: LoginPath;
  network: Pick<NetworkService, 'upstream' | 'ofSessions'>;
  redact: (text: string) => string;
  log: LogWriter;
}): Installs {
  const { ports, folders, descriptions, agents, turns, loginPath, network, log } = options;
  const { nodeExecutable, moduleDirs, programsDir } = ports.paths;
  const installer = createInstaller({
    folders,
    nodeExecutable,
    npmCli: moduleDirs.map((folder) => join(folder, 'npm', 'bin', 'npm-cli.js')).find((file) => existsSync(file)),
    npmHost: async () => {
      const { environment } = ports;
      const login = await loginPath.ensure();
      const path = joinPaths(environment.PATH ?? environment.Path, login);
      const home = environment.HOME || homedir();
      const set = networkVariables(await network.upstream(), network.ofSessions().certificates?.own);
      const ofShell = Object.entries(loginPath.kept()).filter(([name]) => isNpmVariable(name));
      const variables = { ...Object.fromEntries(ofShell), ...environment, ...set, PATH: path };
      return { environment: variables, home, platform: process.platform };
    },
    isWhole: createWholeness({ programsDir, machine: thisMachine() }),
    onInstalled: (agentId) => agents.refresh(agentId),
    redact: options.redact,
    log: (message) => void log.write({ level: 'warn', source: 'install', message }),
    clock: ports.clock,
  });
  const agentOf = (agentId: string): Agent => {
    const { name } = agents.view(agentId);
    const agent = descriptions().find((one) => one.agentId === agentId);
    if (agent === undefined)
      throw new PerchError('AGENT_NOT_INSTALLABLE', { agent: name, agentId, installCommand: '–' });
    return agent;
  };
  return {
    jobs: installer.jobs,
    install: (agentId, version) => installer.install(agentOf(agentId), version),
    cancel: installer.cancel,
    async remove(agentId) {
      const agent = agentOf(agentId);
      const isOf = (session: { agentId: string }) => session.agentId === agentId;
      if (turns.openSessions().some((session) => isOf(session) && session.turnId !== undefined)) {
        throw new PerchError('AGENT_IN_USE', { agent: agent.name });
      }
      await turns.closeSessionsOf(isOf);
      await installer.remove(agent);
    },
    onChange: installer.onChange,
    dispose: installer.dispose,
  };
}
