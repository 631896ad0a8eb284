import { basename } from 'node:path';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { SandboxAvailability, SandboxPolicy, SandboxStatus } from '../../../shared/model/sandbox-policy.ts';
import type { ProgramExit, ProgramSpec } from '../process/program.ts';
import type { Guard } from './guard/guard.ts';
import type { Mount } from './mounts.ts';

/** A way to enforce a policy. One file a backend. */
export interface Sandbox {
  /** `loopback`: programs share the host's loopback and reach the egress proxy at a port there. Absent: by its socket. */
  readonly wayOut?: 'loopback';
  /** Runs the backend once, so that the answer is what this machine really does. */
  check(): Promise<SandboxAvailability>;
  /** Guards the working directory for as long as a program runs; undefined where nothing does. @throws PerchError */
  guard(policy: SandboxPolicy): Promise<Guard | undefined>;
  /**
   * Prepares the program to spawn so that `request` runs under the policy.
   * @throws PerchError SANDBOX_UNAVAILABLE, SANDBOX_FAILED: a policy that cannot be enforced is never weakened
   */
  wrap(request: SandboxRequest, policy: SandboxPolicy): SandboxedLaunch;
}

export interface SandboxRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Unix socket of the egress proxy on the host, in a folder that only this user may enter. Needed for the network
   * `proxy`.
   */
  readonly egressSocket?: string;
  /** The port of the proxy on the host's loopback, where the backend asks for one. */
  readonly egressPort?: number;
  /** The guard's mounts for the working directory, after the policy's own. */
  readonly guard?: readonly Mount[];
  /**
   * True for a program in a pseudo-terminal of its own, which must be its controlling one or the program never hears of
   * a new size. Input that the program pushes into that terminal reaches only itself.
   */
  readonly ownsTerminal?: boolean;
}

export interface SandboxedLaunch {
  readonly spec: ProgramSpec;
  readonly status: SandboxStatus;
  /** The working directory as the program sees it. */
  readonly workingDirectory: string;
  /** The first process inside, as the host numbers it, once known. */
  namespaceRoot(pid: number): number | undefined;
  /**
   * The first process of the namespace that holds the program and all that it starts, and none of the sandbox's own, as
   * the host numbers it. Absent where a backend has no such namespace.
   */
  innerRoot?(pid: number): number | undefined;
  /** Why the sandbox itself failed, when it ended before it could start the program. */
  setUpFailure(exit: ProgramExit, lastErrorLine: string | undefined): string | undefined;
}

export function unavailable(request: SandboxRequest, reason: string): PerchError {
  return new PerchError('SANDBOX_UNAVAILABLE', { agent: basename(request.command), reason });
}
