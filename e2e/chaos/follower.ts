/**
 * A window, as far as events go: follows the core over its local socket with the window's own event feed, and writes down
 * every event it was told. Killed and started anew, it goes on where its journal ends.
 * Arguments: data directory, journal, milliseconds after an answered subscription at which it cuts its own connection (0:
 * never).
 */
import { connectLocalSocket } from '../../electron/core/api/local-socket.ts';
import { createEventFeed } from '../../renderer/transport/event-feed.ts';
import type { TransportMessage } from '../../renderer/transport/transport.ts';
import type { SequencedEvent } from '../../shared/contract/events.ts';
import type { Result } from '../../shared/contract/methods.ts';
import { createPeer, type Peer } from '../../shared/json-rpc/peer.ts';
import type { StoredRunEvent } from '../../shared/model/run-event.ts';
import { digestOf, note, readJournal } from './journal.ts';

const [, , dataDir = '', journal = '', cutMs = '0'] = process.argv;
const reached = new Map<string, number>();
/** A torn last line would glue itself to the next one. */
for (const entry of readJournal(journal)) {
  if (entry.kind === 'event') reached.set(entry.turnId, Math.max(reached.get(entry.turnId) ?? 0, entry.seq));
}
process.stdout.write('ready\n');

let peer: Peer | undefined;
const fetching = new Map<string, Promise<void>>();
/** Turns whose history was asked for and did not come. */
const owed = new Set<string>();

/** False at a gap: then the history is asked. */
function take(stored: StoredRunEvent): boolean {
  const last = reached.get(stored.turnId) ?? 0;
  if (stored.seq > last + 1) return false;
  if (stored.seq <= last) return true;
  reached.set(stored.turnId, stored.seq);
  note(journal, { kind: 'event', turnId: stored.turnId, seq: stored.seq, digest: digestOf(stored) });
  return true;
}

function fetch(turnId: string): void {
  if (fetching.has(turnId)) return;
  const run = async () => {
    for (;;) {
      const answer = (await peer?.request('turns.events', { turnId, after: reached.get(turnId) ?? 0, limit: 500 })) as
        | Result<'turns.events'>
        | undefined;
      for (const stored of answer?.events ?? []) take(stored as StoredRunEvent);
      if ((answer?.events.length ?? 0) < 500) return;
    }
  };
  owed.add(turnId);
  const done = run().then(
    () => void owed.delete(turnId),
    // The connection ended meanwhile: it is asked again on the next one.
    () => undefined,
  );
  fetching.set(
    turnId,
    done.finally(() => fetching.delete(turnId)),
  );
}

function onMessage(message: TransportMessage): void {
  if (message.kind === 'snapshot') for (const { turnId } of message.state.turns) fetch(turnId);
  if (message.kind === 'event' && message.event.type === 'run' && !take(message.event.stored)) {
    fetch(message.event.stored.turnId);
  }
}

const feed = createEventFeed(onMessage);

async function follow(): Promise<void> {
  const carrier = await connectLocalSocket(dataDir).catch(() => null);
  if (carrier === null) return;
  const mine = createPeer({
    carrier,
    onRequest: () => Promise.reject(new Error('nothing is asked of a window')),
    onNotification: (_, params) => feed.receive(params as SequencedEvent),
  });
  peer = mine;
  let cut: ReturnType<typeof setTimeout> | undefined;
  await feed
    .open((params) => mine.request('events.subscribe', params) as Promise<Result<'events.subscribe'>>)
    .then(
      () => {
        // From the answer on: on a slow machine it would else be cut off each time, and never come any further.
        if (Number(cutMs) > 0) cut = setTimeout(() => mine.close(), Number(cutMs));
        [...owed].forEach(fetch);
      },
      () => mine.close(),
    );
  await mine.closed;
  clearTimeout(cut);
  feed.drop();
}

for (;;) {
  await follow();
  await new Promise((resolve) => setTimeout(resolve, 25));
}
