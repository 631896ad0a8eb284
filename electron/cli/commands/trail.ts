import { defined } from '../../../shared/defined.ts';
import type { Translate } from '../../../shared/i18n/translate.ts';
import type { CredentialEvent } from '../../../shared/model/credential-event.ts';
import type { Client } from '../../core/api/client.ts';
import type { Command } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { terminalJson } from '../terminal/output.ts';
import { type Cell, writeTable } from '../terminal/table.ts';
import { findProvider } from '../values.ts';
import { placeInWords, scopeKey, scopeOf } from './credentials.ts';

/** The most that one answer holds. */
const PAGE = 500;

const COLUMNS = ['time', 'event', 'provider', 'variable', 'scope', 'value', 'agent', 'turn'];

/** The whole trail, or that of a scope, oldest first, like a log: the newest line is the one above the prompt. */
export const credentialsTrail: Command = async (context) => {
  const { values, operands, stdout, t, openCore } = context;
  const only = values.scope === undefined ? undefined : scopeKey(scopeOf(context));
  const { client } = await openCore();
  const [providerId] = operands;
  if (providerId !== undefined) await findProvider(client, providerId);
  const events = (await readAll(client, providerId))
    .filter(({ scope }) => only === undefined || scopeKey(scope) === only)
    .reverse();
  if (values.json === true) stdout.line(terminalJson({ events }));
  else if (events.length === 0) stdout.line(t('cli.credentials.no-trail'));
  else {
    writeTable(
      stdout,
      COLUMNS.map((column) => t(`cli.credentials.${column}`)),
      events.map((event) => rowOf(event, t)),
    );
  }
  return EXIT.ok;
};

/** Newest first. */
async function readAll(client: Client, providerId: string | undefined): Promise<CredentialEvent[]> {
  const all: CredentialEvent[] = [];
  for (;;) {
    const before = all.at(-1)?.eventId;
    const { events } = await client.call('credentials.trail', {
      limit: PAGE,
      ...defined({ before, providerId }),
    });
    all.push(...events);
    if (events.length < PAGE) return all;
  }
}

function rowOf(event: CredentialEvent, t: Translate): (Cell | string)[] {
  const { kind, at, providerId, variable, masked } = event;
  const isUse = kind === 'used' || kind === 'rejected';
  return [
    new Date(at).toISOString(),
    { text: t(`cli.credentials.event-${kind}`), ...(kind === 'rejected' ? { style: 'red' as const } : {}) },
    providerId,
    variable,
    placeInWords(event, t),
    masked,
    ...(isUse ? [event.agentId ?? '', event.turnId ?? ''] : ['', '']),
  ];
}
