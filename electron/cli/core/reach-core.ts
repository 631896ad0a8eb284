import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { Carrier } from '../../../shared/json-rpc/carrier.ts';
import { createCarrierPair } from '../../../shared/json-rpc/pair.ts';
import { type Client, createClient } from '../../core/api/client.ts';
import type { Served } from '../../core/api/connection.ts';
import { openDoor } from '../../core/api/door.ts';

export interface CoreAccess {
  readonly client: Client;
  /** True when this process runs the core, only for this command. */
  readonly hosted: boolean;
  /** Lets go of the core; a hosted one ends once its guests have gone. */
  leave(): Promise<void>;
}

/** A core in this process, with its door for other commands open. */
export interface HostedCore {
  readonly app: Served;
  guests(): number;
  onGuestsChange(listener: () => void): () => void;
  dispose(): Promise<void>;
}

export interface ReachCoreOptions {
  /** Null when no core runs. */
  readonly connect: () => Promise<Carrier | null>;
  /** @throws PerchError ALREADY_RUNNING when another got there first, after a moment's wait for it to be gone */
  readonly host: () => Promise<HostedCore>;
  /** Told when other commands keep a hosted core; it is over when the promise settles. */
  readonly whileGuestsStay: (gone: Promise<void>) => Promise<void>;
}

/** Between a core that starts and one that ends there are gaps of some 100 ms, in which neither way is open. */
const MAX_TRIES = 30;

/**
 * The core of a data directory: the one that runs, else one of our own.
 * @throws PerchError what hosting raised
 */
export async function reachCore(options: ReachCoreOptions): Promise<CoreAccess> {
  for (let tries = 1; ; tries++) {
    const reached = (await connectTo(options)) ?? (await hostOne(options, tries < MAX_TRIES));
    if (reached !== undefined) return reached;
  }
}

/** Undefined when no core runs, or when it was just about to end. */
async function connectTo({ connect }: ReachCoreOptions): Promise<CoreAccess | undefined> {
  const carrier = await connect();
  if (carrier === null) return undefined;
  const client = createClient(carrier);
  try {
    // Once it has answered, we are its guest and it stays.
    await client.call('logs.list', {});
  } catch (error) {
    client.close();
    if (error instanceof PerchError && error.code === 'CORE_UNREACHABLE') return undefined;
    throw error;
  }
  return { client, hosted: false, leave: async () => client.close() };
}

/** Undefined when another core has the data directory. */
async function hostOne(
  { host, whileGuestsStay }: ReachCoreOptions,
  mayTryAgain: boolean,
): Promise<CoreAccess | undefined> {
  let core: HostedCore;
  try {
    core = await host();
  } catch (error) {
    if (mayTryAgain && error instanceof PerchError && error.code === 'ALREADY_RUNNING') return undefined;
    throw error;
  }
  const [ours, itsOwn] = createCarrierPair();
  openDoor({ app: core.app, carrier: itsOwn, caller: { kind: 'command-line' } });
  const client = createClient(ours);
  return {
    client,
    hosted: true,
    async leave() {
      client.close();
      if (core.guests() > 0) await whileGuestsStay(allGone(core));
      await core.dispose();
    },
  };
}

function allGone(core: HostedCore): Promise<void> {
  return new Promise((resolve) => {
    const off = core.onGuestsChange(() => {
      if (core.guests() > 0) return;
      off();
      resolve();
    });
  });
}
