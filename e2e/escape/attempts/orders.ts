import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Attempt } from '../attempt.ts';
import type { World } from '../world.ts';

/** Run by the host, this leaves a proof where no session can write. */
const payload = (name: string): string => `printf '#!/bin/sh\\necho x > "%s/proof-${name}"\\n' "$OUTSIDE"`;
export const git = (world: World, folder: string, ...args: string[]): string =>
  world.asUser('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], join(world.project, folder));

/** What a user does in a repository sooner or later. */
export function workInRepository(world: World, folder: string): void {
  git(world, folder, 'status');
  git(world, folder, 'add', '-A');
  git(world, folder, 'commit', '--allow-empty', '-m', 'x');
}

/** A repository whose git runs something on the host afterwards. */
export const repository = (
  name: string,
  script: string,
  more: { existing?: boolean; folder?: string } = {},
): Attempt => {
  const { existing = true, folder = name } = more;
  return {
    name,
    ...(existing
      ? {
          prepare(world: World) {
            world.asUser('git', ['init', '-q', folder]);
            world.write(join(world.project, folder, '.git/hooks/commit-msg'), '#!/bin/sh\nexit 0\n', 0o755);
          },
        }
      : {}),
    script: `${payload(name)} > ${name}.payload; chmod +x ${name}.payload\n${script}`,
    escaped({ world }) {
      if (!existsSync(join(world.project, folder))) return false;
      workInRepository(world, folder);
      return existsSync(join(world.outside, `proof-${name}`));
    },
  };
};

/** A file that some program of the host takes orders from. */
export const order = (file: string, script?: string, prepare?: Attempt['prepare']): Attempt => ({
  name: `order-${file
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')}`,
  ...(prepare === undefined ? {} : { prepare }),
  script: script ?? `mkdir -p "$(dirname ${file})"; echo "$TOKEN" >> ${file}`,
  escaped: ({ world }, token) => world.read(join(world.project, file))?.includes(token) === true,
});

export const existing =
  (file: string, mode = 0o644): NonNullable<Attempt['prepare']> =>
  ({ write, project }) =>
    write(join(project, file), '# as it was\n', mode);
