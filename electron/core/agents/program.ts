/** A program as it is started: the real file, and what it has to read. All paths are absolute and resolved. */
export interface Program {
  /** What to start. For JavaScript: the file that Node runs. */
  readonly file: string;
  readonly runBy: 'system' | 'node';
  /** Files and folders that the program is made of. */
  readonly parts: readonly string[];
  readonly version: string | undefined;
  readonly source: 'built-in' | 'path' | 'perch' | 'project';
}

/** What a look for a program came to. `could-not-check` is not `missing`: nobody knows (R59). */
export type Look =
  | { readonly state: 'found'; readonly program: Program }
  | { readonly state: 'missing' }
  | { readonly state: 'could-not-check'; readonly reason: string };
