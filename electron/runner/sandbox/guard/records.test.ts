import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../node/clock.ts';
import { makePlaceholder } from './placeholders.ts';
import { forget, holdPlaceholders, tidyUp } from './records.ts';

const ROUNDS = join(import.meta.dirname, '..', '..', 'testing', 'placeholder-rounds.ts');

describe('placeholders that several sessions want', () => {
  let folder: string;
  let records: string;
  let root: string;
  let placeholders: string[];
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'perch-records-')));
    records = join(folder, 'records');
    root = join(folder, 'project');
    mkdirSync(root);
    placeholders = ['.envrc', '.vscode', '.husky'].map((name) => join(root, name));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are there for each as long as it holds them, whenever another process ends its session, and gone after the last', async () => {
    const children = [1, 2, 3].map(() =>
      spawn(process.execPath, [ROUNDS, records, root, '60', ...placeholders], { stdio: ['ignore', 'pipe', 'inherit'] }),
    );
    const said = await Promise.all(
      children.map(async (child) => {
        const ended = once(child, 'exit');
        const missing = await text(child.stdout);
        return { missing, code: (await ended)[0] };
      }),
    );
    expect(said).toEqual(said.map(() => ({ missing: '', code: 0 })));
    expect(readdirSync(root)).toEqual([]);
    expect(readdirSync(records)).toEqual([]);
  });

  it('are made anew by the session that waited until another had removed them', async () => {
    await holdPlaceholders(records, 'first', { root, placeholders }, systemClock);
    await holdPlaceholders(records, 'second', { root, placeholders }, systemClock);
    forget(records, 'first', { root, placeholders });
    expect(placeholders.every((path) => existsSync(path))).toBe(true);
    forget(records, 'second', { root, placeholders });
    expect(readdirSync(root)).toEqual([]);
  });

  it('are removed after a process that ended without removing them', async () => {
    const child = spawn(process.execPath, [ROUNDS, records, root, '1000000', ...placeholders]);
    await expect.poll(() => readdirSync(root).length, { timeout: 30_000 }).toBeGreaterThan(0);
    child.kill('SIGKILL');
    await once(child, 'exit');
    // What it made last may be gone with its record: then it has left nothing.
    for (const path of placeholders) makePlaceholder(root, path);
    await holdPlaceholders(records, 'next', { root, placeholders }, systemClock);
    tidyUp(records);
    expect(placeholders.every((path) => existsSync(path))).toBe(true);
    forget(records, 'next', { root, placeholders });
    expect(readdirSync(root)).toEqual([]);
    expect(readdirSync(records).filter((name) => name.endsWith('.json'))).toEqual([]);
  });
});
