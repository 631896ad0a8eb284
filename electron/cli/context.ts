import type { Translate } from '../../shared/i18n/translate.ts';
import type { Values } from './arguments/parse.ts';
import type { CoreAccess } from './core/reach-core.ts';
import type { AskLine } from './terminal/ask-line.ts';
import type { Output } from './terminal/output.ts';
import type { InputStream } from './terminal/read-input.ts';

/** The capabilities of a command. A command takes nothing from its surroundings by itself. */
export interface Context {
  readonly values: Values;
  readonly operands: readonly string[];
  readonly cwd: string;
  readonly t: Translate;
  readonly stdin: InputStream;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly interrupts: Interrupts;
  readonly askLine: AskLine;
  /** True when a token's shape, or a password in an address, is in a text. */
  looksSecret(text: string): boolean;
  /** Milliseconds since the epoch. */
  now(): number;
  /** A new id for a turn. */
  newId(): string;
  /** Calls back whenever something changed in the folder; the returned function ends it. */
  watchFolder(folder: string, onChange: () => void): () => void;
  /** Reaches a core, or starts one for this command. Left when the command has ended. */
  openCore(): Promise<CoreAccess>;
}

/** Ctrl+C, a termination, or a reader of stdout that left. */
export interface Interrupts {
  /** Takes the first interrupt on itself; without a listener it ends the command at once. */
  onInterrupt(listener: (cause: InterruptCause) => void): () => void;
}

/** `asked`: by the user or the system. `reader-left`: the reader of stdout is gone. */
export type InterruptCause = 'asked' | 'reader-left';

/** Resolves to the exit code. Raises PerchError or UsageError. */
export type Command = (context: Context) => Promise<number>;
