import { join } from 'node:path';
import { type Attempt, tokenOf } from './attempt.ts';
import type { World } from './world.ts';

/** Of the project; attempts run from there, and what they print ends there. */
const SCRIPTS = 'attempts';
const RESULTS = 'results';
const LIMIT_S = 10;

interface Ran {
  readonly loot: string;
  /** Why nothing can be said: it did not start, or lacked a tool. */
  readonly problem: string | undefined;
}

/** Puts attempts into the project; the answer is the bash program that runs them one after the other. */
export function layOut(world: World, attempts: readonly Attempt[], options: { late?: string } = {}): string {
  for (const attempt of attempts) {
    const exports = Object.entries({
      ...world.variables,
      TOKEN: tokenOf(attempt, world),
      CLIENT: join(world.project, 'client.py'),
    })
      .map(([name, value]) => `export ${name}='${value}'`)
      .join('\n');
    world.write(join(world.project, SCRIPTS, `${attempt.name}.sh`), `${exports}\n${attempt.script}\n`);
  }
  const one = `one() {
    timeout -k 1 ${LIMIT_S} bash --norc ${SCRIPTS}/$1.sh > ${RESULTS}/$1.out 2> ${RESULTS}/$1.err </dev/null
    echo $? > ${RESULTS}/$1.status
  }`;
  const names = attempts.map(({ name }) => name).filter((name) => name !== options.late);
  const late = options.late;
  return [
    `cd "${world.project}" && mkdir -p ${RESULTS} || exit 1`,
    one,
    ...(late === undefined ? [] : ['mkfifo opened acted', `one ${late} &`, 'read -r x < opened']),
    'echo ready; read -r x',
    ...(late === undefined ? [] : ['echo x > acted; wait']),
    ...names.map((name) => `one ${name}`),
    'exit 0',
  ].join('\n');
}

export function resultOf(world: World, { name, printsInside = '' }: Attempt): Ran {
  const part = (kind: string): string | undefined => world.read(join(world.project, RESULTS, `${name}.${kind}`));
  const status = part('status')?.trim();
  const errors = part('err') ?? '';
  const loot = part('out') ?? '';
  if (status === undefined) return { loot, problem: 'it did not run to its end' };
  if (status === '127' || /command not found|No such file or directory: '(?:curl|wget)/.test(errors)) {
    return { loot, problem: `a tool is missing: ${errors.trim().split('\n')[0]}` };
  }
  if (!loot.includes(printsInside))
    return { loot, problem: `what is allowed failed: ${errors.trim().split('\n').at(-1)}` };
  return { loot, problem: undefined };
}
