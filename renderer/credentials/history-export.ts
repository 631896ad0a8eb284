import type { Result } from '../../shared/contract/methods.ts';
import { defined } from '../../shared/defined.ts';
import type { CredentialEvent } from '../../shared/model/credential-event.ts';
import type { Transport } from '../transport/transport.ts';

/** The most that one answer holds. */
export const MAX_PAGE = 500;

/** The whole trail, newest first. */
export async function readTrail(transport: Pick<Transport, 'call'>): Promise<CredentialEvent[]> {
  const all: CredentialEvent[] = [];
  for (;;) {
    const before = all.at(-1)?.eventId;
    const page: Result<'credentials.trail'> = await transport.call('credentials.trail', {
      limit: MAX_PAGE,
      ...defined({ before }),
    });
    all.push(...page.events);
    if (page.events.length < MAX_PAGE) return all;
  }
}

/** A file to keep: its name has the day (UTC), its times are readable. */
export function historyFile(events: readonly CredentialEvent[], now: number): { name: string; text: string } {
  const exportedAt = new Date(now).toISOString();
  const readable = events.map(({ at, ...event }) => ({ at: new Date(at).toISOString(), ...event }));
  return {
    name: `perch-credential-history-${exportedAt.slice(0, 10)}.json`,
    text: `${JSON.stringify({ exportedAt, events: readable }, null, 2)}\n`,
  };
}
