import type { BootLog } from '../ports.ts';
import { type BootLogOptions, createBootLog } from './boot-log.ts';

/** A program, apart from what starts it: what it imports may fail to load. */
interface Program {
  start(bootLog: BootLog): Promise<void>;
}

interface BootOptions extends Omit<BootLogOptions, 'now'> {
  load(): Promise<Program>;
  /** Says it to the person and ends the process. */
  end(text: string): void;
  /** Node ends the process on an unhandled rejection; a window only writes it down. */
  readonly rejectionsEnd: boolean;
}

/**
 * Starts a program so that whatever ends it leaves its reason: on stderr, and in the boot log. Imports no more than
 * it must, so that it works where the program itself cannot be loaded.
 */
export async function bootProgram({ load, end, rejectionsEnd, ...options }: BootOptions): Promise<void> {
  const bootLog = createBootLog({ ...options, now: Date.now });
  let ending = false;
  const fail = (error: unknown) => {
    // A failure during the report cannot be reported.
    if (ending) return process.exit(1);
    ending = true;
    const { reason, file } = bootLog.report(error);
    end(`Perch ended: ${reason}\n${file === undefined ? '' : `Kept in ${file}\n`}`);
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', (error) => (rejectionsEnd ? fail(error) : bootLog.note(error)));
  try {
    const program = await load();
    await program.start(bootLog);
  } catch (error) {
    fail(error);
  }
}

/** The end of a process that has a terminal. */
export function endOnStderr(text: string): void {
  process.stderr.write(text, () => process.exit(1));
}
