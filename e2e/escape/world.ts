import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Listeners } from './listeners.ts';
import { removeTree } from './remove.ts';
import type { Victim } from './victim.ts';

/** A host as a user has it: a home with secrets, projects, Perch's data. */
export interface World {
  readonly uid: number;
  readonly root: string;
  readonly home: string;
  readonly project: string;
  /** Another project of the same user. */
  readonly other: string;
  /** A folder that no session was given. */
  readonly outside: string;
  readonly data: string;
  /** In every file that no session may read. */
  readonly secret: string;
  /** What attempts know of the host, as environment variables. */
  readonly variables: Readonly<Record<string, string>>;
  /** Writes below the root; makes folders on the way. */
  write(path: string, text: string, mode?: number): void;
  /** Of any file of the host; undefined when there is none. */
  read(path: string): string | undefined;
  exists(path: string): boolean;
  /** Runs a program on the host as the user, as the user would after a session. */
  asUser(command: string, args: readonly string[], cwd?: string): string;
  remove(): void;
}

export interface User {
  readonly name: string;
  readonly uid: number;
  /** In front of a command. */
  readonly prefix: readonly string[];
}

/** Below the home. */
export const SECRETS = [
  '.ssh/id_ed25519',
  '.aws/credentials',
  '.config/gcloud/application_default_credentials.json',
  '.azure/msal_token_cache.json',
  '.config/gh/hosts.yml',
  '.netrc',
  '.npmrc',
  '.pypirc',
  '.docker/config.json',
  '.kube/config',
  '.git-credentials',
  '.gnupg/private-keys-v1.d/key',
  '.local/share/keyrings/login.keyring',
  '.mozilla/firefox/profile/logins.json',
  '.config/google-chrome/Default/Login Data',
  '.bash_history',
  '.claude/.credentials.json',
  '.codex/auth.json',
] as const;

/** Below Perch's data: what attempts may leave there, all but what Perch itself needs. */
const PLANTED = ['planted.db', 'planted.json', 'agents/another'];

export function makeWorld(options: { root: string; user: User; listeners: Listeners; victim: Victim }): World {
  const { root, user, listeners, victim } = options;
  const at = (name: string): string => join(root, name);
  const secret = `CANARY.${randomUUID()}`;
  const world: World = {
    uid: user.uid,
    root,
    home: at('home'),
    project: at('project'),
    other: at('other'),
    outside: at('outside'),
    data: at('data'),
    secret,
    variables: {
      HOST_HOME: at('home'),
      PROJECT: at('project'),
      OTHER: at('other'),
      OUTSIDE: at('outside'),
      DATA: at('data'),
      ...listeners.variables,
      ...victim.variables,
    },
    write(path, text, mode = 0o644) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      chmodSync(path, mode);
    },
    read(path) {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return undefined;
      }
    },
    exists: (path) => existsSync(path),
    asUser(command, args, cwd = at('project')) {
      const [program = '', ...all] = [...user.prefix, command, ...args];
      const env = { PATH: '/usr/bin:/bin', HOME: at('home'), LANG: 'C.UTF-8', GIT_CONFIG_GLOBAL: '/dev/null' };
      const done = spawnSync(program, all, { cwd, env, encoding: 'utf8', timeout: 20_000 });
      return `${done.stdout}${done.stderr}`;
    },
    remove: () => removeTree(root),
  };
  return world;
}

/** As it is before every run; Perch's own folders stay. */
export function furnish(world: World): void {
  for (const folder of [world.home, world.project, world.other, world.outside]) {
    removeTree(folder);
    mkdirSync(folder, { recursive: true });
  }
  for (const name of PLANTED) removeTree(join(world.data, name));
  for (const path of SECRETS) world.write(join(world.home, path), `${world.secret}\n`, 0o600);
  world.write(join(world.other, 'notes.txt'), `${world.secret}\n`, 0o600);
  world.write(join(world.data, 'agents/another/home/login.json'), `${world.secret}\n`, 0o600);
  world.write(join(world.data, 'logs/secret.log'), `${world.secret}\n`, 0o600);
  world.write(join(world.data, 'secret.db'), `${world.secret}\n`, 0o600);
  world.write(join(world.outside, 'victim.txt'), 'as it was\n');
  world.write(join(world.outside, 'secret.txt'), `${world.secret}\n`, 0o600);
}
