import { createListeners } from '../../../shared/listeners.ts';
import type { Clock } from '../../node/clock.ts';
import { isFile } from '../../node/look.ts';
import { findAdapter, findInProject, findProgram, type SearchPlaces } from './find.ts';
import type { Look } from './program.ts';
import type { Agent } from './schema.ts';

/** A file system that does not answer (a network drive that is gone) must not keep an agent "checking" for ever. */
const LIMIT_MS = 30_000;

export interface Found {
  readonly program: Look;
  /** Absent when the agent needs none. */
  readonly adapter: Look | undefined;
}

/** The programs on this machine, as far as they are known. Reading never waits, and looking blocks nothing else. */
export interface Inventory {
  /** Undefined until the first look is over. */
  get(agentId: string, projectDir: string | undefined): Found | undefined;
  checkedAt(agentId: string): number | undefined;
  /** Looks unless that was done already. */
  ensure(agentId: string, projectDir: string | undefined): Promise<Found>;
  /** The present state: looks again unless everything that was found is still in its place. */
  confirm(agentId: string, projectDir: string | undefined): Promise<Found>;
  /** Looks again, for all agents or one, and forgets what working directories had. */
  refresh(agentId?: string): Promise<void>;
  onChange(listener: () => void): () => void;
}

export function createInventory(options: {
  agents: readonly Agent[];
  searchPlaces: (agent: Agent) => Promise<SearchPlaces>;
  /** The program that the user chose where there are several. */
  choice: (agentId: string) => string | undefined;
  clock: Clock;
}): Inventory {
  const { agents, searchPlaces, choice, clock } = options;
  const entries = new Map<string, Entry>();
  const listeners = createListeners();

  function start(key: string, look: () => Promise<Found>): Entry {
    const entry: Entry = { found: entries.get(key)?.found, checkedAt: entries.get(key)?.checkedAt, done: undefined };
    entry.done = bounded(look(), clock).then((found) => {
      entry.found = found;
      entry.checkedAt = clock.now();
      listeners.notify();
      return found;
    });
    entries.set(key, entry);
    return entry;
  }

  const global = (agent: Agent) =>
    entries.get(agent.agentId) ?? start(agent.agentId, () => lookGlobally(agent, searchPlaces));
  const local = (agent: Agent, projectDir: string) => {
    const key = keyOf(agent.agentId, projectDir);
    return entries.get(key) ?? start(key, () => lookInProject(agent, projectDir, searchPlaces));
  };
  const byId = (agentId: string) => agents.find((agent) => agent.agentId === agentId);

  async function ensureAny(agentId: string, projectDir: string | undefined): Promise<Found> {
    const agent = byId(agentId);
    if (agent === undefined) return NOTHING;
    const found = await global(agent).done;
    if (projectDir === undefined || found?.program.state !== 'missing') return found ?? NOTHING;
    return (await local(agent, projectDir).done) ?? found;
  }
  const ensure: Inventory['ensure'] = async (agentId, projectDir) =>
    chosenOf(await ensureAny(agentId, projectDir), choice(agentId));

  return {
    get(agentId, projectDir) {
      const agent = byId(agentId);
      const found = agent === undefined ? undefined : entries.get(agentId)?.found;
      if (agent === undefined || found === undefined) return undefined;
      // A program of the working directory counts only where the machine has none.
      if (projectDir === undefined || found.program.state !== 'missing') return chosenOf(found, choice(agentId));
      return local(agent, projectDir).found;
    },
    checkedAt: (agentId) => entries.get(agentId)?.checkedAt,
    ensure,
    async confirm(agentId, projectDir) {
      const found = await ensure(agentId, projectDir);
      if (await isInPlace(found)) return found;
      const agent = byId(agentId);
      if (agent === undefined) return NOTHING;
      entries.delete(keyOf(agentId, projectDir));
      await start(agentId, () => lookGlobally(agent, searchPlaces)).done;
      return ensure(agentId, projectDir);
    },
    async refresh(agentId) {
      const meant = agents.filter((agent) => agentId === undefined || agent.agentId === agentId);
      for (const key of entries.keys()) {
        if (meant.some((agent) => key.startsWith(keyOf(agent.agentId, '')))) entries.delete(key);
      }
      await Promise.all(meant.map((agent) => start(agent.agentId, () => lookGlobally(agent, searchPlaces)).done));
    },
    onChange(listener) {
      return listeners.add(listener);
    },
  };
}

interface Entry {
  found: Found | undefined;
  checkedAt: number | undefined;
  done: Promise<Found> | undefined;
}

/** A line break is in no agent's id. */
const keyOf = (agentId: string, projectDir: string | undefined) => `${agentId}\n${projectDir ?? ''}`;

async function isInPlace({ program, adapter }: Found): Promise<boolean> {
  if (program.state !== 'found' || !(await isFile(program.program.file))) return false;
  return adapter === undefined || (adapter.state === 'found' && (await isFile(adapter.program.file)));
}

/** The chosen program goes first; one that is not there any more changes nothing, and the view says so. */
function chosenOf(found: Found, chosen: string | undefined): Found {
  const look = found.program;
  if (chosen === undefined || look.state !== 'found') return found;
  const program = look.others.find(({ file }) => file === chosen);
  if (program === undefined) return found;
  const others = [look.program, ...look.others].filter((one) => one !== program);
  return { ...found, program: { state: 'found', program, others } };
}

const NOTHING: Found = { program: { state: 'missing' }, adapter: undefined };

type SearchPlacesOf = (agent: Agent) => Promise<SearchPlaces>;

async function lookGlobally(agent: Agent, searchPlacesOf: SearchPlacesOf): Promise<Found> {
  const searchPlaces = await searchPlacesOf(agent);
  return withAdapter(agent, await findProgram(agent.program, searchPlaces), searchPlaces);
}

async function lookInProject(agent: Agent, projectDir: string, searchPlacesOf: SearchPlacesOf): Promise<Found> {
  const searchPlaces = await searchPlacesOf(agent);
  return withAdapter(agent, await findInProject(agent.program, projectDir, searchPlaces), searchPlaces);
}

async function withAdapter(agent: Agent, program: Look, searchPlaces: SearchPlaces): Promise<Found> {
  if (agent.adapter === undefined) return { program, adapter: undefined };
  const own = program.state === 'found' ? program.program : undefined;
  return { program, adapter: await findAdapter(agent.adapter, own, searchPlaces) };
}

function bounded(look: Promise<Found>, clock: Clock): Promise<Found> {
  return new Promise((resolve) => {
    const late: Look = { state: 'could-not-check', reason: `no answer in ${LIMIT_MS / 1000} s` };
    const stop = clock.after(LIMIT_MS, () => resolve({ program: late, adapter: undefined }));
    void look.then((found) => {
      stop();
      resolve(found);
    });
  });
}
