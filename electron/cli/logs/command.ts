import { turnIdSchema } from '../../../shared/model/ids.ts';
import { type LogName, type LogPosition, logNameSchema } from '../../../shared/model/log-position.ts';
import type { Client } from '../../core/api/client.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { terminalJson } from '../terminal/output.ts';
import { UsageError } from '../usage-error.ts';
import { followLog } from './follow.ts';
import { showLine } from './line.ts';
import { type LogQuery, queryOf } from './query.ts';
import { readAll, readAround, readLast } from './read.ts';

/** Lines from the end of a log when nothing else is said. */
const LINES_FROM_END = 200;

export const logs: Command = async (context) => {
  const { values, operands, now, openCore } = context;
  const [which = 'runner'] = operands;
  if (!logNameSchema.safeParse(which).success && !turnIdSchema.safeParse(which).success) throw new UsageError('log');
  const query = queryOf(values, now());
  const { client } = await openCore();
  const place = await placeOf(client, which);
  return values.reveal === true ? await reveal(context, client, place.log) : await show(context, client, place, query);
};

async function show(context: Context, client: Client, place: Place, { filter, from }: LogQuery): Promise<number> {
  const { values, stderr, t } = context;
  const { log } = place;
  const failedAt = from.kind === 'failure' ? (place.failedAt ?? (await lastError(client, log))) : place.failedAt;
  if (from.kind === 'failure' && failedAt === undefined) {
    stderr.line(t('cli.logs.no-failure', { log }));
    return EXIT.failed;
  }
  const reading = { client, log, filter };
  const { lines, next, positionGone } =
    from.kind === 'last'
      ? await readLast(reading, from.lines)
      : from.kind === 'all'
        ? await readAll(reading)
        : failedAt === undefined
          ? await readLast(reading, LINES_FROM_END)
          : await readAround(reading, failedAt);
  if (positionGone) stderr.line(t('cli.logs.position-gone'));
  for (const line of lines) showLine(context, line, failedAt);
  if (values.follow === true) {
    await followLog(context, client, { log, next, filter, show: (line) => showLine(context, line) });
  } else if (lines.length === 0) {
    stderr.line(t(Object.keys(filter).length === 0 ? 'cli.logs.empty' : 'cli.logs.no-match', { log }));
  }
  return EXIT.ok;
}

interface Place {
  readonly log: LogName;
  readonly failedAt?: LogPosition;
}

async function placeOf(client: Client, which: string): Promise<Place> {
  const named = logNameSchema.safeParse(which);
  if (named.success) return { log: named.data };
  const { turn } = await client.call('turns.get', { turnId: which });
  const failedAt = turn.failure?.log;
  // A turn that failed because of the runner points into the runner's log.
  return failedAt === undefined ? { log: `session:${turn.sessionId}` } : { log: failedAt.log, failedAt };
}

async function lastError(client: Client, log: LogName): Promise<LogPosition | undefined> {
  const { lines } = await client.call('logs.read', { log, before: 1, after: 0, minLevel: 'error' });
  return lines[0]?.position;
}

async function reveal({ values, stdout, stderr, t }: Context, client: Client, log: LogName): Promise<number> {
  const { path, revealed } = await client.call('logs.file', { log, reveal: true });
  if (values.json === true) stdout.line(terminalJson({ log, path, revealed }));
  else if (revealed) stdout.line(path);
  else stderr.line(t('cli.logs.not-revealed', { path }));
  return revealed ? EXIT.ok : EXIT.failed;
}
