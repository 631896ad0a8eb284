import type { HostPorts } from '../ports.ts';
import { type Changes, stoppable } from './changes.ts';
import type { Closers } from './closers.ts';
import { joinServices } from './join.ts';
import { type Access, openAccess } from './open-access.ts';
import { type AgentParts, openAgents } from './open-agents.ts';
import { openRunner, type RunnerParts } from './open-runner.ts';
import { openStorage, type Storage } from './open-storage.ts';
import { openTurns, type TurnParts } from './open-turns.ts';
import { openUpkeep, type UpkeepParts } from './open-upkeep.ts';

/** The wings of the core, opened and joined to each other. Each one is given the parts that it names, never all. */
export interface Services {
  readonly storage: Storage;
  readonly access: Access;
  readonly runner: RunnerParts;
  readonly agents: AgentParts;
  readonly turns: TurnParts;
  readonly upkeep: UpkeepParts;
}

/**
 * Opens every wing, from the ground floor up. `closers` knows at once what was opened: when one fails, the others can
 * be closed.
 * @throws PerchError DATA_DIRECTORY_NOT_WRITABLE, DATABASE_TOO_NEW, DATABASE_LOCKED, DISK_FULL, TOO_MANY_OPEN_FILES
 */
export function openServices(options: { ports: HostPorts; closers: Closers; changes: Changes }): Services {
  const { ports, closers } = options;
  const { changes, stop } = stoppable(options.changes);
  const storage = openStorage({ ports, closers, changes });
  // An answer that arrives late finds no database any more to compute a slice from.
  closers.add('changes', stop);
  const access = openAccess({ ports, closers, storage });
  const runner = openRunner({ ports, closers, changes, storage });
  const agents = openAgents({ ports, closers, storage, access, runner });
  const turns = openTurns({ ports, closers, changes, storage, access, runner, agents });
  const upkeep = openUpkeep({ ports, closers, changes, storage, access, runner, agents, turns });
  const services = { storage, access, runner, agents, turns, upkeep };
  joinServices({ changes, ...services });
  return services;
}
