import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Clock, pause } from '../../../node/clock.ts';
import { makePlaceholder, removePlaceholders } from './placeholders.ts';

const recordSchema = z.object({
  pid: z.number().int(),
  /** Clock ticks after boot: with it no other process is taken for this one. */
  started: z.string(),
  root: z.string(),
  placeholders: z.array(z.string()),
  /** Set while its process takes them away: it wants them no longer. */
  removing: z.boolean().optional(),
});
type GuardRecord = z.infer<typeof recordSchema>;
type Made = Pick<GuardRecord, 'root' | 'placeholders'>;

/** A removal takes milliseconds; a process that is stopped in the middle of one is not waited for any longer. */
const REMOVAL_MS = 2000;
const LOOK_AGAIN_MS = 5;

/**
 * Makes placeholders that stay until this session forgets them. The record is written first: a process that is killed in
 * between leaves nothing unknown behind. A session that ends at this moment, in this process or another, writes that it
 * removes before it reads what others want. So it either reads this record, or it is seen here and waited for.
 */
export async function holdPlaceholders(records: string, id: string, made: Made, clock: Clock): Promise<void> {
  if (made.placeholders.length === 0) return;
  write(records, id, made);
  const until = clock.now() + REMOVAL_MS;
  while (isRemoved(records, id, made.placeholders) && clock.now() < until) await pause(clock, LOOK_AGAIN_MS);
  for (const path of made.placeholders) makePlaceholder(made.root, path);
}

/** Removes what processes that are gone left behind. */
export function tidyUp(records: string): void {
  for (const name of namesIn(records)) {
    const file = join(records, name);
    const record = read(file);
    if (record !== undefined && isLiving(record)) continue;
    if (record === undefined) rmSync(file, { force: true });
    else forget(records, name.slice(0, -ENDING.length), record);
  }
}

/** Removes what one session made, but for what another wants: that one may be about to lay its mounts on it. */
export function forget(records: string, id: string, { root, placeholders }: Made): void {
  if (placeholders.length > 0) {
    write(records, id, { root, placeholders, removing: true });
    removePlaceholders(root, notOf(wantedByOthers(records, id), placeholders));
  }
  rmSync(fileOf(records, id), { force: true });
}

function write(records: string, id: string, made: Made & Pick<GuardRecord, 'removing'>): void {
  mkdirSync(records, { recursive: true, mode: 0o700 });
  const record: GuardRecord = { pid: process.pid, started: startOf(process.pid) ?? '', ...made };
  // Moved into place: another process never reads half of it.
  const aside = join(records, `${id}.${process.pid}.new`);
  writeFileSync(aside, JSON.stringify(record), { mode: 0o600 });
  renameSync(aside, fileOf(records, id));
}

function othersIn(records: string, id: string): GuardRecord[] {
  const others = namesIn(records).filter((name) => name !== `${id}${ENDING}`);
  return others
    .map((name) => read(join(records, name)))
    .filter((one): one is GuardRecord => one !== undefined && isLiving(one));
}

function wantedByOthers(records: string, id: string): ReadonlySet<string> {
  const wanting = othersIn(records, id).filter(({ removing }) => removing !== true);
  return new Set(wanting.flatMap(({ placeholders }) => placeholders));
}

function isRemoved(records: string, id: string, paths: readonly string[]): boolean {
  const removing = othersIn(records, id).filter((one) => one.removing === true);
  return removing.some(({ placeholders }) => placeholders.some((path) => paths.includes(path)));
}

const notOf = (wanted: ReadonlySet<string>, paths: readonly string[]): string[] =>
  paths.filter((path) => !wanted.has(path));

const isLiving = ({ pid, started }: GuardRecord): boolean => startOf(pid) === started;

/** A file without content, to lie over files that are to read as empty. */
export function emptyFile(records: string): string {
  mkdirSync(records, { recursive: true, mode: 0o700 });
  const file = join(records, 'empty');
  try {
    writeFileSync(file, '', { flag: 'wx', mode: 0o444 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return file;
}

const ENDING = '.json';
const fileOf = (records: string, id: string): string => join(records, `${id}${ENDING}`);

function namesIn(records: string): string[] {
  try {
    return readdirSync(records).filter((name) => name.endsWith(ENDING));
  } catch {
    return [];
  }
}

/** Undefined when it was cut short: then there is nothing to be known from it. */
function read(file: string): GuardRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

function startOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\)\s/s, '')
      .split(' ')[19];
  } catch {
    return undefined;
  }
}
