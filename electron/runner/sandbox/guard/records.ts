import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { removePlaceholders } from './placeholders.ts';

const recordSchema = z.object({
  pid: z.number().int(),
  /** Clock ticks after boot: with it no other process is taken for this one. */
  started: z.string(),
  root: z.string(),
  placeholders: z.array(z.string()),
});
type GuardRecord = z.infer<typeof recordSchema>;

/** Records the placeholders in a working directory, for the process that tidies up when this one is killed. */
export function writeRecord(records: string, id: string, made: Pick<GuardRecord, 'root' | 'placeholders'>): void {
  mkdirSync(records, { recursive: true, mode: 0o700 });
  const record: GuardRecord = { pid: process.pid, started: startOf(process.pid) ?? '', ...made };
  writeFileSync(fileOf(records, id), JSON.stringify(record), { mode: 0o600 });
}

/** Removes what processes that are gone left behind. */
export function tidyUp(records: string): void {
  for (const name of namesIn(records)) {
    const file = join(records, name);
    const record = read(file);
    if (record !== undefined && isLiving(record)) continue;
    if (record !== undefined)
      removePlaceholders(record.root, notOf(wantedByOthers(records, name), record.placeholders));
    rmSync(file, { force: true });
  }
}

/** Removes what one session made, but for what another wants: that one may be about to lay its mounts on it. */
export function forget(
  records: string,
  id: string,
  { root, placeholders }: Pick<GuardRecord, 'root' | 'placeholders'>,
) {
  removePlaceholders(root, notOf(wantedByOthers(records, `${id}.json`), placeholders));
  rmSync(fileOf(records, id), { force: true });
}

function wantedByOthers(records: string, own: string): ReadonlySet<string> {
  const others = namesIn(records)
    .filter((name) => name !== own)
    .map((name) => read(join(records, name)));
  return new Set(others.flatMap((one) => (one !== undefined && isLiving(one) ? one.placeholders : [])));
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

const fileOf = (records: string, id: string): string => join(records, `${id}.json`);

function namesIn(records: string): string[] {
  try {
    return readdirSync(records).filter((name) => name.endsWith('.json'));
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
