import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { PerchError } from '../../../../shared/errors/perch-error.ts';

export const MAX_FILE_BYTES = 4 * 1024 * 1024;

/**
 * The text of a small ordinary file: UTF-8, or UTF-16 with its mark, as PowerShell writes. Opened without waiting: a
 * named pipe would hold the process for ever.
 * @throws PerchError IMPORT_FILE_NOT_FOUND, IMPORT_FILE_UNREADABLE, IMPORT_FILE_UNSUITABLE, IMPORT_FILE_NOT_UNDERSTOOD
 */
export async function readTextFile(file: string): Promise<string> {
  const bytes = await readBytes(file);
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  try {
    const text = new TextDecoder(utf16 ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Said below: not text.
  }
  throw new PerchError('IMPORT_FILE_NOT_UNDERSTOOD', { file });
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const about = await handle.stat();
    if (!about.isFile() || about.size > MAX_FILE_BYTES) throw unsuitable(file);
    // Reads a byte more than allowed: a file can grow, and files of /proc report a size of zero.
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(MAX_FILE_BYTES + 1), position: 0 });
    if (bytesRead > MAX_FILE_BYTES) throw unsuitable(file);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if (error instanceof PerchError) throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (reason === 'ENOENT' || reason === 'ENOTDIR') throw new PerchError('IMPORT_FILE_NOT_FOUND', { file });
    throw new PerchError('IMPORT_FILE_UNREADABLE', { file, reason }, { cause: error });
  }
}

function unsuitable(file: string): PerchError {
  return new PerchError('IMPORT_FILE_UNSUITABLE', { file, maxBytes: MAX_FILE_BYTES });
}
