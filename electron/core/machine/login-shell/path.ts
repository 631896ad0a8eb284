import { delimiter } from 'node:path';
import { createListeners } from '../../../../shared/listeners.ts';
import type { LoginShellState } from '../../../../shared/model/programs.ts';
import { askLoginShell, type LoginShell } from './ask.ts';

/** Milliseconds. No window waits for it: a slow `.zshrc` may take its time, a hanging one ends here. */
export const LOGIN_PATH_LIMIT_MS = 10_000;

/** The PATH that the user's terminals have, and a program started by the desktop does not. */
export interface LoginPath {
  /** Without asking. */
  state(): LoginShellState;
  /** The PATH, asking unless that was done already; undefined when it could not be had, or needs no asking. */
  ensure(): Promise<string | undefined>;
  /** Asks again. */
  refresh(): Promise<string | undefined>;
  /** The shell's other variables that were to be kept, from the last answer. */
  kept(): Readonly<Record<string, string>>;
  onChange(listener: () => void): () => void;
}

/** On Windows every program has the user's PATH. `keep` chooses the other variables of the answer that are of use. */
export function createLoginPath(
  shell: LoginShell,
  { keep = () => false, platform = process.platform }: { keep?: (name: string) => boolean; platform?: string } = {},
): LoginPath {
  const listeners = createListeners();
  let state: LoginShellState = platform === 'win32' ? { state: 'not-needed' } : { state: 'checking' };
  let path: Promise<string | undefined> | undefined;
  let kept: Readonly<Record<string, string>> = {};

  async function ask(): Promise<string | undefined> {
    if (platform === 'win32') return undefined;
    const answer = await askLoginShell(shell, LOGIN_PATH_LIMIT_MS);
    // The rest of an environment is none of Perch's business.
    const values = answer.kind === 'environment' ? answer.values : {};
    const found = values.PATH;
    kept = Object.fromEntries(Object.entries(values).filter(([name]) => keep(name)));
    state = found === undefined ? couldNotCheck(answer, shell.program) : { state: 'known' };
    listeners.notify();
    return found;
  }

  const refresh = () => {
    path = ask();
    return path;
  };
  return {
    state: () => state,
    ensure: () => path ?? refresh(),
    refresh,
    kept: () => kept,
    onChange(listener) {
      return listeners.add(listener);
    },
  };
}

function couldNotCheck({ kind }: { kind: string }, shell: string | undefined): LoginShellState {
  const named = shell === undefined ? {} : { shell };
  const why = kind === 'no-shell' || kind === 'timeout' ? kind : 'failed';
  return { state: 'could-not-check', why, ...named, seconds: LOGIN_PATH_LIMIT_MS / 1000 };
}

/**
 * Where programs are looked for: what only this process's own PATH has was put there on purpose, and goes first; then
 * the login shell's, in its order.
 */
export function joinPaths(own: string | undefined, login: string | undefined): string {
  const parts = (path: string | undefined) => (path ?? '').split(delimiter).filter((part) => part !== '');
  const known = parts(login);
  const added = parts(own).filter((part) => !known.includes(part));
  return [...new Set([...added, ...known])].join(delimiter);
}
