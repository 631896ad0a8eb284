import { findAdapter, findProgram, type SearchPlaces } from '../find.ts';
import type { Machine } from '../packages.ts';
import type { Agent } from '../schema.ts';

/** Finds out whether an agent and its adapter are in one folder of packages and in what comes with Perch. */
export function createWholeness(options: { programsDir: string; machine: Machine }) {
  return async (agent: Agent, modules: string): Promise<boolean> => {
    const around: SearchPlaces = {
      ...options,
      path: undefined,
      unsure: undefined,
      places: [],
      moduleDirs: [],
      installed: modules,
      askVersion: async () => undefined,
    };
    const program = await findProgram(agent.program, around);
    if (program.state !== 'found') return false;
    return agent.adapter === undefined || (await findAdapter(agent.adapter, program.program, around)).state === 'found';
  };
}
