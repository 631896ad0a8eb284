import { createLinuxTable } from './linux-table.ts';
import { createPsTable } from './ps-table.ts';
import type { ProcessTable } from './table.ts';

/** Absent where a process cannot be told from a later one of its number: there, nothing is ever ended by number. */
export function processTable(platform: NodeJS.Platform): ProcessTable | undefined {
  if (platform === 'linux') return createLinuxTable();
  return platform === 'darwin' ? createPsTable() : undefined;
}
