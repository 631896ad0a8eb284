import { open } from 'node:fs/promises';

/** First bytes of ELF, Mach-O (both byte orders, and universal) and PE files. */
const MAGIC = ['7f454c46', 'feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', 'cafebabe'];

/** True when a file is a program for the machine, rather than a script that starts one. */
export async function isNativeBinary(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    if (bytesRead < 4) return false;
    const magic = buffer.toString('hex');
    return MAGIC.includes(magic) || magic.startsWith('4d5a');
  } finally {
    await handle.close();
  }
}
