import { dirname } from 'node:path';
import type { LogName, LogPosition, PositionedLogLine } from '../../../shared/model/log-position.ts';
import type { Client } from '../../core/api/client.ts';
import type { Context } from '../context.ts';
import type { LogQuery } from './query.ts';

/** Lines asked for at once. */
const PAGE = 1000;

/** Goes on until an interrupt, or until the core is gone. Reads whenever the log's folder changed. */
export async function followLog(
  { watchFolder, interrupts }: Pick<Context, 'watchFolder' | 'interrupts'>,
  client: Client,
  options: { log: LogName; next: LogPosition; filter: LogQuery['filter']; show: (line: PositionedLogLine) => void },
): Promise<void> {
  const { log, filter, show } = options;
  const { path } = await client.call('logs.file', { log, reveal: false });
  const wake = createWake();
  const offs = [watchFolder(dirname(path), wake.now), interrupts.onInterrupt(wake.stop)];
  void client.closed.then(wake.stop);
  try {
    for (let next = options.next; ; ) {
      const page = await client.call('logs.read', { log, from: next, before: 0, after: PAGE, ...filter });
      for (const line of page.lines) show(line);
      next = page.next;
      if (page.lines.length === PAGE) continue;
      if ((await wake.wait()) === 'stop') return;
    }
  } finally {
    for (const off of offs) off();
  }
}

/** A signal that is not lost when no caller waits for it. */
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
