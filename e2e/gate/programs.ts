import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../fixtures/installation.ts';
import { addAgents } from './agents.ts';

/** The built programs beside resources of their own, which know the agents of `agents.ts`. */
export function createPrograms({ withWindow = false } = {}): { readonly programsDir: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'perch-gate-'));
  const programsDir = join(folder, 'dist');
  const isNeeded = (path: string) => !path.endsWith('.map') && (withWindow || !path.includes(join('dist', 'renderer')));
  cpSync(join(root, 'dist'), programsDir, { recursive: true, filter: isNeeded });
  cpSync(join(root, 'resources'), join(folder, 'resources'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  addAgents(join(folder, 'resources'));
  return { programsDir, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
