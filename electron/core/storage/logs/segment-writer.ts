import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { ensureDirectory } from '../../../node/ensure-directory.ts';
import { segmentFile } from './names.ts';
import { listSegments } from './segments.ts';

export interface SegmentPlace {
  readonly segment: number;
  readonly offset: number;
}

export interface SegmentWriter {
  /** Writes a whole line and says where it begins. Throws the file system's error; then nothing of it is left. */
  append(line: string): SegmentPlace;
  /** Where the log goes on, as far as it is known. */
  end(): SegmentPlace;
  /** Lets go of the file. The next `append` opens it again. */
  close(): void;
}

interface OpenSegment {
  readonly fd: number;
  readonly segment: number;
  size: number;
}

/** Appends to the newest segment of a log, and starts the next one when it is full. Numbers never start anew. */
export function createSegmentWriter(options: {
  folder: string;
  maxSegmentBytes: number;
  onSegmentStarted: (segment: number) => void;
}): SegmentWriter {
  const { folder, maxSegmentBytes, onSegmentStarted } = options;
  let open: OpenSegment | undefined;
  let end: SegmentPlace = { segment: 1, offset: 0 };

  const close = () => {
    if (open !== undefined) closeSync(open.fd);
    open = undefined;
  };
  const openNewest = () => {
    ensureDirectory(folder);
    return openSegment(folder, listSegments(folder).at(-1) ?? 1);
  };
  const startNext = (segment: number) => {
    close();
    const started = openSegment(folder, segment);
    onSegmentStarted(segment);
    return started;
  };

  return {
    append(line) {
      const bytes = Buffer.from(line);
      open ??= openNewest();
      if (open.size > 0 && open.size + bytes.length > maxSegmentBytes) open = startNext(open.segment + 1);
      const place = { segment: open.segment, offset: open.size };
      try {
        writeAll(open.fd, bytes);
      } catch (error) {
        takeBack(open);
        close();
        throw error;
      }
      open.size += bytes.length;
      end = { segment: open.segment, offset: open.size };
      return place;
    },
    end: () => end,
    close,
  };
}

function openSegment(folder: string, segment: number): OpenSegment {
  const fd = openSync(segmentFile(folder, segment), 'a+', 0o600);
  try {
    const { size } = fstatSync(fd);
    return { fd, segment, size: size + endTornLine(fd, size) };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** A line that a crash cut off gets its end, so that it spoils only itself. Answers the bytes written. */
function endTornLine(fd: number, size: number): number {
  if (size === 0) return 0;
  const last = Buffer.alloc(1);
  readSync(fd, last, 0, 1, size - 1);
  return last.toString() === '\n' ? 0 : writeSync(fd, '\n');
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}

/** Takes half a line back. Where that fails too, the next opening ends the torn line. */
function takeBack({ fd, size }: OpenSegment): void {
  try {
    ftruncateSync(fd, size);
  } catch {
    // The write's own error is the one that is told.
  }
}
