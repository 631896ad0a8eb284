import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureDirectory } from '../../../node/ensure-directory.ts';
import type { Random } from '../../ports.ts';

/** Names the version that counts; one line. */
const CURRENT = 'current';
const STAGED = 'new-';
const OLD = 'old-';

/**
 * The versions that Perch installed of each agent: `agents/ID/program/VERSION/node_modules` in the data directory. A
 * version is built aside and moved into place whole.
 */
export interface ProgramFolders {
  /** The node_modules folder that counts; undefined when nothing is installed. */
  modules(agentId: string): Promise<string | undefined>;
  /** A new, empty folder. */
  stage(agentId: string): string;
  /** Makes what was staged the one that counts. A running session keeps the files of the version before. */
  put(agentId: string, staged: string, version: string): void;
  discard(folder: string): Promise<void>;
  remove(agentId: string): Promise<void>;
  /** Takes away what a crash or a newer version left behind. Only while no session runs. */
  sweep(): Promise<void>;
}

export function createProgramFolders({
  dataDir,
  random,
}: {
  dataDir: string;
  random: Pick<Random, 'uuid'>;
}): ProgramFolders {
  const agentsDir = join(dataDir, 'agents');
  const folderOf = (agentId: string) => join(agentsDir, agentId, 'program');
  const discard = (folder: string) => rm(folder, { recursive: true, force: true, maxRetries: 3 });

  async function current(agentId: string): Promise<string | undefined> {
    const text = await readFile(join(folderOf(agentId), CURRENT), 'utf8').catch(() => '');
    const name = text.trim();
    // A name with a path in it was not written here.
    return VERSION_NAME.test(name) && existsSync(join(folderOf(agentId), name)) ? name : undefined;
  }

  return {
    async modules(agentId) {
      const version = await current(agentId);
      return version === undefined ? undefined : join(folderOf(agentId), version, 'node_modules');
    },
    stage(agentId) {
      const folder = join(folderOf(agentId), `${STAGED}${random.uuid()}`);
      ensureDirectory(folder);
      return folder;
    },
    put(agentId, staged, version) {
      if (!VERSION_NAME.test(version)) throw new Error(`${version} is no version`);
      const folder = folderOf(agentId);
      const place = join(folder, version);
      if (existsSync(place)) renameSync(place, join(folder, `${OLD}${random.uuid()}`));
      renameSync(staged, place);
      const next = join(folder, `${CURRENT}.new`);
      writeFileSync(next, `${version}\n`, { mode: 0o600 });
      renameSync(next, join(folder, CURRENT));
    },
    discard,
    async remove(agentId) {
      const folder = folderOf(agentId);
      if (!existsSync(folder)) return;
      // The folder disappears from view at once, however long the removal of its files takes.
      const old = join(agentsDir, agentId, `${OLD}${random.uuid()}`);
      renameSync(folder, old);
      await discard(old);
    },
    async sweep() {
      const entries = existsSync(agentsDir) ? readdirSync(agentsDir, { withFileTypes: true }) : [];
      for (const { name: agentId } of entries.filter((entry) => entry.isDirectory())) {
        const kept = [await current(agentId), CURRENT];
        const folder = folderOf(agentId);
        const inside = existsSync(folder) ? readdirSync(folder).filter((name) => !kept.includes(name)) : [];
        const beside = readdirSync(join(agentsDir, agentId)).filter((name) => name.startsWith(OLD));
        for (const name of inside) await discard(join(folder, name));
        for (const name of beside) await discard(join(agentsDir, agentId, name));
      }
    },
  };
}

const VERSION_NAME = /^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/;
