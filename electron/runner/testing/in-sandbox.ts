import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import type { SandboxPolicy } from '../../../shared/model/sandbox-policy.ts';
import type { Quarantined } from '../sandbox/guard/quarantine.ts';
import { checkout, nodeExecutable, noOrdinaryUser, ordinaryUser } from './checkout.ts';

export const bwrap = '/usr/bin/bwrap';
/** Why nothing can be tried here; tests that skip say so. */
export const missing = existsSync(bwrap) ? undefined : 'no bubblewrap here: apt-get install bubblewrap';

/** A user that tests run programs as. */
interface Identity {
  readonly name: string;
  /** What to put in front of a command. */
  readonly prefix: readonly string[];
  readonly uid: number;
}

const isRoot = process.getuid?.() === 0;

/** The user that runs the tests; root tries as an ordinary user too. */
export const identities: readonly Identity[] = [
  { name: isRoot ? 'root' : 'an ordinary user', prefix: [], uid: process.getuid?.() ?? 0 },
  ...(isRoot ? [{ name: 'an ordinary user', ...ordinaryUser }] : []),
];

/** Root's tests in `npm test` are those of an ordinary user, as people are; the escape suite runs as both. */
function whyNotAs(identity: Identity): string | undefined {
  if (!isRoot) return undefined;
  if (identity.uid === ordinaryUser.uid) return noOrdinaryUser;
  const isInBoth = process.env.PERCH_LONG === '1' || noOrdinaryUser !== undefined;
  return isInBoth ? undefined : 'part of npm run test:long';
}

/** The tests once for each user. Where one cannot be tried, its tests count as skipped, and their title says why. */
export function describeAsEach(title: string, tests: (identity: Identity) => void): void {
  for (const identity of identities) {
    const why = missing ?? whyNotAs(identity);
    describe.skipIf(why !== undefined)(
      `${title} ${identity.name}${why === undefined ? '' : ` (skipped: ${why})`}`,
      () => tests(identity),
    );
  }
}

export interface Probe {
  readonly output: string;
  readonly errors: string;
  readonly exitCode: number | null;
  /** What was set aside at its end. */
  readonly quarantined: readonly Pick<Quarantined, 'path' | 'how'>[];
}

interface ProbeRequest {
  /** For bash. */
  readonly script: string;
  /** With enforcement `off` it runs on the bare machine: the positive control. */
  readonly policy: SandboxPolicy;
  /** Added to a PATH and a HOME. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly egressSocket?: string | undefined;
}

const PROBE = join(checkout, 'out/test-programs/probe.mjs');

/** Runs a script under a policy in the real sandbox. @throws Error when that itself fails */
export function runProbe(identity: Identity, request: ProbeRequest): Probe {
  const environment = { PATH: '/usr/bin:/bin', HOME: '/home/agent', ...request.environment };
  const [command = '', ...args] = [...identity.prefix, nodeExecutable, PROBE];
  const text = JSON.stringify({ ...request, environment });
  const done = spawnSync(command, [...args, text], { env: {}, encoding: 'utf8', timeout: 30_000 });
  if (done.stderr !== '' || done.error !== undefined) throw new Error(`the probe failed: ${done.error ?? done.stderr}`);
  return JSON.parse(done.stdout) as Probe;
}

/** Gives a folder with all that is in it to that user. */
export function ownedBy(identity: Identity, folder: string): void {
  spawnSync('/bin/chown', ['-R', String(identity.uid), folder]);
}
