import type { Installation } from '../../../shared/model/agent.ts';

/** A program as it is started: the real file, and what it has to read. All paths are absolute and resolved. */
export interface Program {
  /** The file to start. For JavaScript this is the file that Node runs. */
  readonly file: string;
  readonly runBy: 'system' | 'node';
  /** Files and folders that the program is made of. */
  readonly parts: readonly string[];
  readonly version: string | undefined;
  readonly source: ProgramSource;
}

export type ProgramSource = Extract<Installation, { state: 'found' }>['source'];

/** The result of a look for a program. `could-not-check` is not `missing`. */
export type Look =
  /** `others` were found as well, best first. */
  | { readonly state: 'found'; readonly program: Program; readonly others: readonly Program[] }
  | { readonly state: 'missing' }
  | { readonly state: 'could-not-check'; readonly reason: string };
