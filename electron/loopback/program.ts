import type { BootLog } from '../core/ports.ts';
import { main } from './process.ts';

/** Put in by the build. */
declare const __PERCH_VERSION__: string;

export async function start(bootLog: BootLog): Promise<void> {
  await main({ programsDir: import.meta.dirname, version: __PERCH_VERSION__, bootLog });
}
