import type { ProxyProblem, RefusedHost, UpstreamProxy } from '../../shared/model/egress.ts';
import type { SandboxPolicy } from '../../shared/model/sandbox-policy.ts';
import type { Clock } from '../node/clock.ts';
import type { EgressProxy } from './egress/proxy.ts';
import { startSessionEgress } from './egress/session-egress.ts';
import type { Guard } from './sandbox/guard/guard.ts';
import type { Quarantined } from './sandbox/guard/quarantine.ts';
import { type LoopbackDoor, openLoopbackDoor } from './sandbox/loopback-door.ts';
import type { Sandbox, SandboxRequest } from './sandbox/sandbox.ts';

/** The isolation around a sandboxed program on the host: its egress proxy, and the guard of its working directory. */
export interface Fence {
  /** To be added to what the sandbox is asked for. */
  readonly request: Pick<SandboxRequest, 'egressSocket' | 'egressPort' | 'guard'>;
  /** Present when the policy's network is `proxy`. */
  readonly egress: EgressProxy | undefined;
  /** Absent where nothing guards the working directory. */
  readonly guard: Guard | undefined;
  /** Sets aside what the program left in its working directory for the host to run. */
  inspect(): Promise<Quarantined[]>;
  /** Looks through the working directory for the last time. The program must be gone. */
  close(): Promise<Quarantined[]>;
}

interface FenceOptions {
  readonly sandbox: Sandbox;
  readonly policy: SandboxPolicy;
  readonly upstream: UpstreamProxy | undefined;
  readonly clock: Clock;
  /** The turn that runs; absent where there are none. */
  readonly turnId?: () => string | undefined;
  readonly onRefused: (refused: RefusedHost) => void;
  /** The upstream is no way out. */
  readonly onProxyProblem?: (problem: ProxyProblem) => void;
  /** A host that the rules allow was dialled, `HOST:PORT`. */
  readonly onDialled?: (where: string, reached: boolean) => void;
  readonly onGone: (reason: string) => void;
}

/** @throws PerchError SANDBOX_FAILED, INVALID_PARAMS */
export async function openFence(options: FenceOptions): Promise<Fence> {
  const { sandbox, policy } = options;
  const egress = startSessionEgress(options);
  let door: LoopbackDoor | undefined;
  try {
    if (egress !== undefined && sandbox.wayOut === 'loopback') door = await openLoopbackDoor(egress.socketPath);
    const guard = await sandbox.guard(policy);
    return {
      request: {
        ...(egress === undefined ? {} : { egressSocket: egress.socketPath }),
        ...(door === undefined ? {} : { egressPort: door.port }),
        ...(guard === undefined ? {} : { guard: guard.mounts }),
      },
      egress,
      guard,
      inspect: async () => (await guard?.inspect()) ?? [],
      async close() {
        door?.close();
        const [found] = await Promise.all([guard?.close(), egress?.close()]);
        return found ?? [];
      },
    };
  } catch (error) {
    door?.close();
    await egress?.close();
    throw error;
  }
}
