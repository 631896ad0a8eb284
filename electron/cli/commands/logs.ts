import { dirname } from 'node:path';
import { turnIdSchema } from '../../../shared/model/ids.ts';
import type { LogLevel, LogName, LogPosition, PositionedLogLine } from '../../../shared/model/log-position.ts';
import type { Client } from '../../core/api/client.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { oneLine, type Style, terminalJson, terminalSafe } from '../terminal/output.ts';
import { UsageError } from '../usage-error.ts';

/** Lines from the end of a log, and around the place where a turn failed. */
const LINES = { fromEnd: 200, beforeFailure: 40, afterFailure: 200, page: 1000 } as const;

const LEVEL_STYLES: Readonly<Record<LogLevel, Style | undefined>> = {
  debug: 'dim',
  info: undefined,
  warn: 'yellow',
  error: 'red',
};

export const logs: Command = async (context) => {
  const { values, operands, stderr, t, openCore } = context;
  const [which = 'runner'] = operands;
  if (which !== 'runner' && which !== 'core' && !turnIdSchema.safeParse(which).success) throw new UsageError('log');
  const { client } = await openCore();
  const { log, failedAt } = await placeOf(client, which);
  const { lines, next, positionGone } = await client.call('logs.read', {
    log,
    ...(failedAt === undefined ? {} : { from: failedAt }),
    before: failedAt === undefined ? LINES.fromEnd : LINES.beforeFailure,
    after: failedAt === undefined ? 0 : LINES.afterFailure,
  });
  if (positionGone) stderr.line(t('cli.logs.position-gone'));
  // Asked for its end, a log goes on behind its last line.
  for (const line of lines) show(context, line, failedAt);
  if (values.follow === true) await follow(context, client, { log, next });
  return EXIT.ok;
};

async function placeOf(client: Client, which: string): Promise<{ log: LogName; failedAt?: LogPosition }> {
  if (which === 'runner' || which === 'core') return { log: which };
  const { turn } = await client.call('turns.get', { turnId: which });
  const log: LogName = `session:${turn.sessionId}`;
  const failedAt = turn.failure?.log;
  // A turn that failed because of the runner points into the runner's log.
  return failedAt === undefined ? { log } : { log: failedAt.log, failedAt };
}

/** Goes on until an interrupt, or until the core is gone. Reads whenever the log's folder changed. */
async function follow(context: Context, client: Client, start: { log: LogName; next: LogPosition }): Promise<void> {
  const { log } = start;
  const { path } = await client.call('logs.file', { log, reveal: false });
  const wake = createWake();
  const offs = [context.watchFolder(dirname(path), wake.now), context.interrupts.onInterrupt(wake.stop)];
  void client.closed.then(wake.stop);
  try {
    for (let next = start.next; ; ) {
      const page = await client.call('logs.read', { log, from: next, before: 0, after: LINES.page });
      for (const line of page.lines) show(context, line);
      next = page.next;
      if (page.lines.length === LINES.page) continue;
      if ((await wake.wait()) === 'stop') return;
    }
  } finally {
    for (const off of offs) off();
  }
}

/** A signal that is not lost when nobody waits for it. */
function createWake() {
  let state: 'asleep' | 'now' | 'stop' = 'asleep';
  let wakeUp = () => {};
  const set = (to: 'now' | 'stop') => {
    if (state !== 'stop') state = to;
    wakeUp();
  };
  return {
    now: () => set('now'),
    stop: () => set('stop'),
    async wait(): Promise<'now' | 'stop'> {
      while (state === 'asleep') {
        const { promise, resolve } = Promise.withResolvers<void>();
        wakeUp = resolve;
        await promise;
      }
      const woken = state;
      if (state === 'now') state = 'asleep';
      return woken;
    },
  };
}

function show(context: Context, line: PositionedLogLine, failedAt?: LogPosition): void {
  const { values, stdout } = context;
  const { segment, offset } = line.position;
  const failing = failedAt !== undefined && segment === failedAt.segment && offset === failedAt.offset;
  if (values.json === true) {
    stdout.line(terminalJson(failing ? { ...line, failing } : line));
    return;
  }
  const mark = failing ? stdout.style('red', '>') : ' ';
  stdout.line(
    `${mark} ${stdout.style('dim', line.time)} ${line.level.padEnd(5)} ${oneLine(line.source)}: ${messageOf(context, line)}`,
  );
}

/** The lines of a message behind its first stand under it: they are not to pass for lines of the log. */
function messageOf({ stdout }: Context, { level, message, time }: PositionedLogLine): string {
  const style = LEVEL_STYLES[level];
  const margin = `${' '.repeat(time.length + 3)}| `;
  return terminalSafe(message)
    .split('\n')
    .map((text) => (style === undefined ? text : stdout.style(style, text)))
    .join(`\n${margin}`);
}
