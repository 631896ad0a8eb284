import { PerchError } from '../../../shared/errors/perch-error.ts';
import { type GuardedFile, guardedFileSchema } from '../../../shared/model/guarded-file.ts';
import type { AgentEvent } from '../../../shared/model/run-event.ts';
import type { Clock } from '../../node/clock.ts';
import { messageOf } from '../../node/error-code.ts';
import { eventsOf, type Found, noticeOf, unclearEvent } from '../aside/report.ts';
import { type Background, createBackground } from '../background.ts';
import type { Notify } from '../notify.ts';
import { type Rest, RestError } from '../rest.ts';
import type { Entry } from './entry.ts';

type Emit = (event: AgentEvent) => void;

/** Holds a session still between its turns, and says what it left in the working directory. */
export function createBetweenTurns(deps: {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly notify: Notify;
}) {
  const placeOf = ({ params }: Entry) => ({ root: params.workingDirectory, newId: deps.newId });
  const reported = (entry: Entry, found: readonly Found[]): AgentEvent[] => eventsOf(found, placeOf(entry));

  /** When this answers, all processes are stopped, and what they left for the host to run was set aside. */
  const leftBehind = async (entry: Entry): Promise<Found[]> => {
    const { launched, ended, fence, rest } = entry;
    if (launched.hasExited()) return ended;
    if (rest === undefined) return fence.inspect();
    try {
      return await rest.begin();
    } catch (error) {
      entry.log('error', 'sandbox', `the session is ended: ${messageOf(error)}`);
      await launched.kill();
      return [...(await ended), { path: '', how: 'not-stopped' }];
    }
  };

  return {
    leftBehind,
    /** @throws PerchError NOT_FOUND when the session had to be ended instead: the core begins another */
    async wake(entry: Entry, emit: Emit): Promise<void> {
      entry.stopWaiting?.();
      await entry.background?.beforeTurn();
      try {
        await entry.rest?.end();
      } catch (error) {
        const broken = !(error instanceof RestError) || error.broken;
        const what = broken ? 'a process of the session was at work between two turns' : 'the session is started anew';
        entry.log(broken ? 'error' : 'warn', 'sandbox', `${what}: ${messageOf(error)}`);
        entry.closing = true;
        if (!broken) entry.rest?.leave();
        await entry.launched.kill();
        const found = await entry.ended.catch(() => []);
        if (broken) for (const event of reported(entry, [{ path: '', how: 'at-work' }, ...found])) emit(event);
        throw new PerchError('NOT_FOUND', { what: 'session' });
      }
    },
    /** The processes that its turns leave running. */
    backgroundOf(entry: Entry, rest: Rest): Background {
      const { params, log, launched } = entry;
      const { sessionId, policy } = params;
      const filesOf = (events: readonly AgentEvent[]): GuardedFile[] =>
        events.flatMap((event) => {
          if (event.type === 'file.guarded') return [guardedFileSchema.parse(event)];
          if (event.type === 'notice') log('warn', 'sandbox', `${event.key} ${JSON.stringify(event.values)}`);
          return [];
        });
      return createBackground({
        sessionId,
        rest,
        pause: () => leftBehind(entry),
        filesOf: (found) => filesOf(reported(entry, found)),
        unclear: (path) => filesOf([unclearEvent(path, placeOf(entry))]),
        protected: policy.guard.held,
        ownNetwork: policy.network.kind !== 'shared',
        redact: entry.redact,
        clock: deps.clock,
        tell: (facts) => deps.notify('session.background', facts),
        failed(error) {
          if (launched.hasExited()) return;
          log('error', 'sandbox', `the session is ended: ${messageOf(error)}`);
          void launched.kill();
        },
      });
    },
    /** The events that say what was left behind, once everything is stopped. Never rejects. */
    async eventsLeft(entry: Entry): Promise<AgentEvent[]> {
      try {
        return reported(entry, await leftBehind(entry));
      } catch (error) {
        return [noticeOf('failed', { reason: messageOf(error) })];
      }
    },
    /** Protects again, during a turn, the files that the user replaces. The returned function ends that. */
    watchFiles(entry: Entry, emit: Emit): () => Promise<void> {
      const { rest, launched, log } = entry;
      if (rest === undefined) return async () => undefined;
      return rest.watch({
        unclear: (path) => emit(unclearEvent(path, placeOf(entry))),
        failed(error) {
          log('error', 'sandbox', `a file could not be protected again, the session is ended: ${messageOf(error)}`);
          void launched.kill();
        },
      });
    },
  };
}
