import { createListeners, type Listeners } from '../../../shared/listeners.ts';
import type { RunnerNotificationName, RunnerNotificationParams } from '../../../shared/runner-protocol/protocol.ts';
import type { AnyNotification } from './notifications.ts';

/** The listeners of the runner's notifications, by name. They outlive a single runner. */
export function createNotificationListeners() {
  const byName = new Map<RunnerNotificationName, Listeners<[params: never]>>();
  return {
    add<N extends RunnerNotificationName>(
      name: N,
      listener: (params: RunnerNotificationParams<N>) => void,
    ): () => void {
      const listeners = byName.get(name) ?? createListeners<[params: never]>();
      byName.set(name, listeners);
      return listeners.add(listener);
    },
    notify({ name, params }: AnyNotification): void {
      byName.get(name)?.notify(params as never);
    },
  };
}
