import type { ProcessKind } from '../../../shared/model/process-kind.ts';
import type { Notify } from '../notify.ts';

/** Tells the core of a process from its start to its end: should both of us be killed, the next core knows of it. */
export type WatchProcess = (
  what: ProcessKind,
  program: { readonly pid: number | undefined; readonly exited: Promise<unknown> },
) => void;

export function createWatchProcess(notify: Notify): WatchProcess {
  return (what, { pid, exited }) => {
    // The program could not be started.
    if (pid === undefined) return;
    notify('process.started', { pid, what });
    void exited.then(() => notify('process.ended', { pid }));
  };
}
