import { homedir } from 'node:os';
import { join } from 'node:path';
import type { PlacesIn } from '../agents/places.ts';
import type { HostPaths, HostPorts } from '../ports.ts';

/** Working directory of turns without a project. */
export function scratchDirectory({ dataDir }: Pick<HostPaths, 'dataDir'>): string {
  return join(dataDir, 'scratch');
}

/** The list of models that the user fetched. */
export function fetchedModels({ dataDir }: Pick<HostPaths, 'dataDir'>): string {
  return join(dataDir, 'models.json');
}

/** The folders in which installers put agents on this machine. */
export function placesOf({ environment }: Pick<HostPorts, 'environment'>): PlacesIn {
  return { home: environment.HOME || homedir(), environment, platform: process.platform };
}
