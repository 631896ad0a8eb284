import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const BLOCK_BYTES = 64 * 1024;
/** More of a line is never read. Perch's own lines are shorter; a longer one is foreign and shown as unreadable. */
const MAX_LINE_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** A line without its end. `next` is the offset behind its end. */
export interface FileLine {
  readonly offset: number;
  readonly next: number;
  readonly text: string;
}

export interface LineFile {
  readonly size: number;
  readonly modifiedAt: number;
  /** Lines that begin at or behind `offset`, in order. What has no line end yet is no line. */
  forwards(offset: number): Generator<FileLine>;
  /** Lines that end at or before `offset`, the last one first. */
  backwards(offset: number): Generator<FileLine>;
  /** The start of the line that `offset` lies in. */
  lineStart(offset: number): number;
  close(): void;
}

/** Reads lines in blocks, forwards and backwards, so that a big file costs no memory. */
export function openLines(file: string): LineFile {
  const fd = openSync(file, 'r');
  const { size, mtimeMs } = fstatSync(fd);

  const text = (start: number, end: number) => readBytes(fd, start, Math.min(end - start, MAX_LINE_BYTES)).toString();

  function* newlinesForwards(from: number): Generator<number> {
    for (let at = from; at < size; at += BLOCK_BYTES) {
      const block = readBytes(fd, at, Math.min(BLOCK_BYTES, size - at));
      for (let index = block.indexOf(NEWLINE); index >= 0; index = block.indexOf(NEWLINE, index + 1)) yield at + index;
    }
  }

  function* newlinesBackwards(end: number): Generator<number> {
    for (let blockEnd = end; blockEnd > 0; blockEnd -= BLOCK_BYTES) {
      const start = Math.max(0, blockEnd - BLOCK_BYTES);
      const block = readBytes(fd, start, blockEnd - start);
      for (let index = block.lastIndexOf(NEWLINE); index >= 0; index = previous(block, index)) yield start + index;
    }
  }

  return {
    size,
    modifiedAt: Math.round(mtimeMs),
    *forwards(offset) {
      let start = offset;
      for (const newline of newlinesForwards(offset)) {
        yield { offset: start, next: newline + 1, text: text(start, newline) };
        start = newline + 1;
      }
    },
    *backwards(offset) {
      let end: number | undefined;
      for (const newline of newlinesBackwards(Math.min(offset, size))) {
        if (end !== undefined) yield { offset: newline + 1, next: end + 1, text: text(newline + 1, end) };
        end = newline;
      }
      if (end !== undefined) yield { offset: 0, next: end + 1, text: text(0, end) };
    },
    lineStart(offset) {
      const { value } = newlinesBackwards(Math.min(offset, size)).next();
      return value === undefined ? 0 : value + 1;
    },
    close: () => closeSync(fd),
  };
}

function previous(block: Buffer, index: number): number {
  return index === 0 ? -1 : block.lastIndexOf(NEWLINE, index - 1);
}

/** May answer fewer bytes than asked: the file can shrink under a reader. */
function readBytes(fd: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const read = readSync(fd, buffer, done, length - done, position + done);
    if (read === 0) break;
    done += read;
  }
  return buffer.subarray(0, done);
}
