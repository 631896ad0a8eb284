import { existsSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { Scope } from '../../../../shared/model/credential.ts';
import type { ForgetList, ForgetTarget } from '../../../../shared/model/forget.ts';
import { folderBytes } from '../../../node/folder-bytes.ts';
import { realOrSame } from '../../../node/paths.ts';
import type { AgentService } from '../../agents/agent-service.ts';
import type { KeptProviders } from '../../agents/kept-providers.ts';
import type { CredentialService } from '../../credentials/credential-service.ts';
import type { VariableService } from '../../credentials/variables/variable-service.ts';
import type { McpService } from '../../launch/mcp/mcp-service.ts';
import type { AllowedHosts } from '../../network/egress/allowed-hosts.ts';
import type { NetworkService } from '../../network/network-service.ts';
import type { DeclarationService } from '../../projects/declared/declaration-service.ts';
import type { SettingsService } from '../../settings/settings.ts';
import type { SessionFacts } from '../../turns/sessions.ts';
import type { TurnService } from '../../turns/turn-service.ts';

export interface ForgetService {
  /** @throws PerchError AGENT_UNKNOWN */
  list(target: ForgetTarget): Promise<ForgetList>;
  /** Answers what went. @throws PerchError AGENT_UNKNOWN, SESSION_BUSY, KEYCHAIN_* */
  carryOut(target: ForgetTarget): Promise<ForgetList>;
}

/** Lists and removes everything that belongs to a project, to an agent, or to Perch as a whole. */
export function createForget(options: {
  credentials: Pick<CredentialService, 'list' | 'leftovers' | 'removeScope' | 'removeAll'>;
  variables: Pick<VariableService, 'list' | 'remove' | 'removeScope'>;
  turns: Pick<TurnService, 'openSessions' | 'closeSessionsOf' | 'sessionsIn' | 'deleteSession'>;
  settings: Pick<SettingsService, 'get' | 'update' | 'forgetProject' | 'forgetAgent' | 'hasAgent'>;
  agents: Pick<AgentService, 'view'>;
  hosts: Pick<AllowedHosts, 'list' | 'removeScope'>;
  network: Pick<NetworkService, 'view' | 'removeProxy'>;
  mcp: Pick<McpService, 'list' | 'removeScope'>;
  declarations: Pick<DeclarationService, 'forget'>;
  keptProviders: Pick<KeptProviders, 'forgetAgent' | 'forgetProject'>;
  /** Where an agent's state is: its HOME. */
  stateDirectory: (agentId: string) => string;
  /** Where the state of the agents that a folder declares is, or was, and its checkpoints. */
  ownFolders: (projectDir: string) => string[];
  dataDir: string;
  /** The keychain's note of where this installation is goes. */
  forgetInstallation: () => Promise<void>;
  /** The data directory is emptied when this core has ended, and it ends soon. */
  emptyAtEnd: () => void;
}): ForgetService {
  const { credentials, variables, turns, settings, agents, hosts, mcp, dataDir } = options;

  const conversations = (target: ForgetTarget): string[] => {
    if (target.kind === 'agent') return [];
    return turns.sessionsIn(target.kind === 'project' ? realOrSame(resolve(target.projectDir)) : undefined);
  };

  const foldersOf = (target: ForgetTarget): string[] => {
    if (target.kind === 'project') return options.ownFolders(target.projectDir);
    return [target.kind === 'agent' ? dirname(options.stateDirectory(target.agentId)) : dataDir];
  };

  const folders = async (target: ForgetTarget) => {
    const paths = foldersOf(target).filter((path) => existsSync(path));
    return Promise.all(paths.map(async (path) => ({ path, bytes: await folderBytes(path) })));
  };

  async function list(target: ForgetTarget): Promise<ForgetList> {
    if (target.kind === 'agent') agents.view(target.agentId);
    return {
      credentials: credentials.list().filter(({ scope }) => belongs(scope, target)),
      variables: variables.list().filter(({ scope }) => belongs(scope, target)).length,
      leftovers: target.kind === 'everything' ? credentials.leftovers() : 0,
      conversations: conversations(target).length,
      allowedHosts: hosts.list().filter(({ scope }) => belongs(scope, target)).length,
      mcpServers: mcp.list().filter(({ scope }) => belongs(scope, target)).length,
      settings: hasSettings(target),
      folders: await folders(target),
    };
  }

  function hasSettings(target: ForgetTarget): boolean {
    if (target.kind === 'agent') return settings.hasAgent(target.agentId);
    return target.kind === 'everything' || isChosen(target.projectDir);
  }

  function isChosen(projectDir: string): boolean {
    const chosen = settings.get().projectDir;
    return chosen !== undefined && resolve(chosen) === resolve(projectDir);
  }

  async function stop(target: ForgetTarget): Promise<void> {
    const meant = (session: Pick<SessionFacts, 'agentId' | 'projectDir'>) => runsIn(session, target);
    if (turns.openSessions().some((session) => session.turnId !== undefined && meant(session))) {
      throw new PerchError('SESSION_BUSY');
    }
    await turns.closeSessionsOf(meant);
  }

  async function carryOut(target: ForgetTarget): Promise<ForgetList> {
    const going = await list(target);
    await stop(target);
    if (target.kind === 'everything') {
      const ofNetwork = options.network.view().proxy?.password === 'keychain';
      const kept = ofNetwork || [...credentials.list(), ...variables.list()].some(isInKeychain);
      await options.network.removeProxy();
      for (const variable of variables.list()) await variables.remove(variable);
      await credentials.removeAll();
      if (kept || going.leftovers > 0) await options.forgetInstallation();
      options.emptyAtEnd();
      return going;
    }
    const scope = scopeOf(target);
    await credentials.removeScope(scope);
    await variables.removeScope(scope);
    hosts.removeScope(scope);
    mcp.removeScope(scope);
    for (const sessionId of conversations(target)) await turns.deleteSession(sessionId);
    if (target.kind === 'agent') {
      settings.forgetAgent(target.agentId);
      options.keptProviders.forgetAgent(target.agentId);
      rmSync(dirname(options.stateDirectory(target.agentId)), { recursive: true, force: true, maxRetries: 3 });
    } else {
      if (isChosen(target.projectDir)) settings.forgetProject();
      options.declarations.forget(target.projectDir);
      for (const path of new Set([resolve(target.projectDir), realOrSame(resolve(target.projectDir))]))
        options.keptProviders.forgetProject(path);
      for (const path of foldersOf(target)) rmSync(path, { recursive: true, force: true, maxRetries: 3 });
    }
    return going;
  }

  return { list, carryOut };
}

function isInKeychain({ storage }: { storage: string }): boolean {
  return storage === 'keychain';
}

function scopeOf(target: Exclude<ForgetTarget, { kind: 'everything' }>): Exclude<Scope, { kind: 'global' }> {
  return target.kind === 'agent' ? target : { kind: 'project', projectDir: resolve(target.projectDir) };
}

function belongs(scope: Scope, target: ForgetTarget): boolean {
  if (target.kind === 'everything') return true;
  return JSON.stringify(scope) === JSON.stringify(scopeOf(target));
}

function runsIn(session: Pick<SessionFacts, 'agentId' | 'projectDir'>, target: ForgetTarget): boolean {
  if (target.kind === 'everything') return true;
  if (target.kind === 'agent') return session.agentId === target.agentId;
  return session.projectDir === realOrSame(resolve(target.projectDir));
}
