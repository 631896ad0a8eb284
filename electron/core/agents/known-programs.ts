import { createListeners } from '../../../shared/listeners.ts';
import type { Clock } from '../../node/clock.ts';
import { findProgram, type SearchPlaces } from './find.ts';
import type { Found, Inventory } from './inventory.ts';
import type { Agent } from './schema.ts';

/** The programs of all agents, custom ones included, as far as they are known. Reading never waits. */
export interface KnownPrograms {
  get(agent: Agent, projectDir: string | undefined): Found | undefined;
  checkedAt(agent: Agent): number | undefined;
  ensure(agent: Agent, projectDir: string | undefined): Promise<Found>;
  confirm(agent: Agent, projectDir: string | undefined): Promise<Found>;
  /** Looks again, for all agents or one. */
  refresh(agentId?: string): Promise<void>;
  onChange(listener: () => void): () => void;
}

interface Known {
  found: Found | undefined;
  checkedAt: number | undefined;
  done: Promise<Found>;
}

/**
 * Stands over the inventory of Perch's own agents, which a variant shares with its base. A custom program is one file
 * and is looked for by the text that names it; a custom package is looked for as that agent's.
 */
export function createKnownPrograms({
  inventory,
  searchPlaces,
  clock,
}: {
  inventory: Inventory;
  searchPlaces: (agent: Agent) => Promise<SearchPlaces>;
  clock: Pick<Clock, 'now'>;
}): KnownPrograms {
  const commands = new Map<string, Known>();
  const listeners = createListeners();

  function look(agent: Agent): Known {
    const key = keyOf(agent);
    const before = commands.get(key);
    const known: Known = { found: before?.found, checkedAt: before?.checkedAt, done: Promise.resolve(MISSING) };
    const looking = searchPlaces(agent).then((around) => findProgram(agent.program, around));
    known.done = looking.then((program) => {
      known.found = { program, adapter: undefined };
      known.checkedAt = clock.now();
      listeners.notify();
      return known.found;
    });
    commands.set(key, known);
    return known;
  }
  const known = (agent: Agent) => commands.get(keyOf(agent)) ?? look(agent);

  return {
    get: (agent, projectDir) => (isOwn(agent) ? known(agent).found : inventory.get(inInventory(agent), projectDir)),
    checkedAt: (agent) => (isOwn(agent) ? known(agent).checkedAt : inventory.checkedAt(inInventory(agent))),
    ensure: (agent, projectDir) =>
      isOwn(agent) ? known(agent).done : inventory.ensure(inInventory(agent), projectDir),
    confirm: (agent, projectDir) =>
      isOwn(agent) ? look(agent).done : inventory.confirm(inInventory(agent), projectDir),
    async refresh(agentId) {
      commands.clear();
      await inventory.refresh(agentId);
    },
    onChange(listener) {
      const stop = listeners.add(listener);
      const stopInventory = inventory.onChange(listener);
      return () => {
        stop();
        stopInventory();
      };
    },
  };
}

const MISSING: Found = { program: { state: 'missing' }, adapter: undefined };
const isPackage = ({ added }: Agent) => added?.origin.definition.runs.kind === 'package';
const isOwn = (agent: Agent) => agent.program.kind === 'command' || isPackage(agent);
/** A line break is in no path. */
const keyOf = ({ agentId, program }: Agent) => (program.kind === 'command' ? program.file : `\n${agentId}`);

function inInventory({ agentId, added }: Agent): string {
  const runs = added?.origin.definition.runs;
  return runs?.kind === 'variant' ? runs.of : agentId;
}
