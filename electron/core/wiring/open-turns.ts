import { homedir } from 'node:os';
import { join } from 'node:path';
import { createListeners } from '../../../shared/listeners.ts';
import { findProgram } from '../machine/login-shell/find-program.ts';
import { joinPaths } from '../machine/login-shell/path.ts';
import type { HostPorts } from '../ports.ts';
import { billingPageOf } from '../providers/billing.ts';
import { createEgressService, type EgressService } from '../runner-host/egress.ts';
import { tokenShapes } from '../terminals/token-shapes.ts';
import { type Checkpoints, createCheckpoints } from '../turns/checkpoints/checkpoint-service.ts';
import { maskSessionSecrets } from '../turns/session-secrets.ts';
import { createTurnService, type TurnService } from '../turns/turn-service.ts';
import type { Changes } from './changes.ts';
import type { Closers } from './closers.ts';
import type { Access } from './open-access.ts';
import type { AgentParts } from './open-agents.ts';
import type { RunnerParts } from './open-runner.ts';
import type { Storage } from './open-storage.ts';
import { scratchDirectory } from './places.ts';

/** Turns, the sessions that they run in, and the files that they change. */
export interface TurnParts {
  readonly turns: TurnService;
  /** An agent was started or is gone. */
  readonly onSessionsChange: (listener: () => void) => () => void;
  readonly checkpoints: Checkpoints;
  readonly egress: EgressService;
}

export function openTurns(options: {
  ports: Pick<HostPorts, 'paths' | 'clock' | 'random' | 'environment'>;
  closers: Closers;
  changes: Changes;
  storage: Pick<Storage, 'database' | 'logs' | 'redactor' | 'registry' | 'settings'>;
  access: Pick<Access, 'trail' | 'liveness'>;
  runner: Pick<RunnerParts, 'supervisor'>;
  agents: Pick<AgentParts, 'agents' | 'userAgents' | 'loginPath' | 'given' | 'allowedHosts'>;
}): TurnParts {
  const { ports, closers, changes, storage, access } = options;
  const { paths, clock, random, environment } = ports;
  const { database, logs, redactor, registry, settings } = storage;
  const { agents, userAgents, loginPath, given, allowedHosts } = options.agents;
  const { supervisor } = options.runner;
  const log = logs.writer('core');
  const checkpoints = createCheckpoints({
    database,
    folder: join(paths.dataDir, 'checkpoints'),
    findGit: async (projectDir) =>
      findProgram('git', { path: joinPaths(environment.PATH, await loginPath.ensure()), projectDir }),
    clock,
    log,
    onChange: () => changes.touch('turns'),
  });
  // Closed after the turns: turns that end with Perch have a second side as well.
  closers.add('checkpoints', checkpoints.settled);
  const sessionsChange = createListeners();
  const turns: TurnService = createTurnService({
    checkpoints,
    database,
    runner: maskSessionSecrets(supervisor, redactor),
    agents,
    given,
    logs,
    clock,
    random,
    redact: redactor.redact,
    credentialUse: {
      used: access.trail.used,
      rejected(use) {
        access.liveness.refusedInUse(use.credentials);
        access.trail.rejected(use);
      },
    },
    nameOf: agents.nameOf,
    billingPageOf: (credential) => billingPageOf(registry, credential),
    foresee(agentId, projectDir) {
      const { effective, settings, terminal } = agents.view(agentId, projectDir);
      const { model, providerId } = effective;
      return { model, providerId, inTerminal: terminal === true, isolated: settings.sandbox === 'on' };
    },
    ownTrafficOf: agents.ownTrafficOf,
    homeDir: homedir(),
    dataDir: paths.dataDir,
    scratchDir: scratchDirectory(paths),
    onRunEvent(stored) {
      changes.run(stored);
      if (stored.event.type === 'session.started') userAgents.started(turns.get(stored.turnId).agentId);
    },
    onTurnsChanged: () => changes.touch('turns', 'recentProjects'),
    onPermissionsChanged: () => changes.touch('permissions'),
    onBackgroundChanged: () => changes.touch('background'),
    onSessionsChanged: sessionsChange.notify,
    limits: settings.get,
    tokenShapes: () => tokenShapes(registry.all()),
  });
  closers.add('turns', () => turns.dispose());
  const egress = createEgressService({
    allowed: allowedHosts,
    runner: supervisor,
    sessions: turns.openSessions,
    isOwnTraffic: turns.isOwnTraffic,
    clock,
    onChange: () => changes.touch('egress'),
    onFailure(sessionId, error) {
      log.write({
        level: 'error',
        source: 'egress',
        message: `session ${sessionId} did not take its new hosts: ${error}`,
      });
    },
  });
  return { turns, onSessionsChange: sessionsChange.add, checkpoints, egress };
}
