import type { World } from './world.ts';

/** What an attempt is judged by, seen from the host after it. */
interface Evidence {
  readonly world: World;
  /** What the attempt wrote to its standard output: it has left the sandbox, whatever it is. */
  readonly loot: string;
  /** All that any listener of the host was sent. */
  readonly received: string;
}

/** One try to get out. It runs as it is here, inside, and outside as its own positive control. */
export interface Attempt {
  /** Unique, `[a-z0-9-]+`: it is part of the token. */
  readonly name: string;
  /** Only root could do it even outside. */
  readonly onlyAsRoot?: boolean;
  /** For bash, in the working directory; see `variables` of the world. Its exit status means nothing, but for 127. */
  readonly script: string;
  /** What it prints when as much of it succeeds as is allowed: without that nothing was tried. */
  readonly printsInside?: string;
  /** On the host before it runs, with the same variables. */
  readonly prepare?: (world: World) => void;
  /** Looks at the host, never at what a tool said of itself. `token` is this attempt's own. */
  readonly escaped: (evidence: Evidence, token: string) => boolean;
}

/** What ends every token of one user in this run: two users, and two runs, try at the same time. */
export const tokenTail = ({ uid }: Pick<World, 'uid'>): string => `.${process.pid}.${uid}.`;
export const tokenOf = ({ name }: Pick<Attempt, 'name'>, of: Pick<World, 'uid'>): string =>
  `ESC.${name}${tokenTail(of)}`;

/** A Python program as a line of a script. */
export const python = (text: string): string => `python3 -I -S - <<'END'\nimport os, sys\nE = os.environ\n${text}\nEND`;

/** Its token came to a listener of the host. */
export const tokenReceived: Attempt['escaped'] = ({ received }, token) => received.includes(token);
/** It read what the world keeps secret. */
export const secretLooted: Attempt['escaped'] = ({ loot, world, received }) =>
  loot.includes(world.secret) || received.includes(world.secret);
/** It printed what only success prints. */
export const tokenLooted: Attempt['escaped'] = ({ loot }, token) => loot.includes(token);
