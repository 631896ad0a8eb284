import {
  type RunnerNotificationName,
  type RunnerNotificationParams,
  runnerNotifications,
} from '../../../shared/runner-protocol/protocol.ts';

export type AnyNotification = {
  [N in RunnerNotificationName]: { readonly name: N; readonly params: RunnerNotificationParams<N> };
}[RunnerNotificationName];

/** The runner's notification, checked; or a text for the log that says why it is not understood. */
export function parseNotification(method: string, params: unknown): AnyNotification | string {
  if (!isNotificationName(method)) return `the runner sent an unknown notification: ${method.slice(0, 100)}`;
  const parsed = runnerNotifications[method].safeParse(params);
  if (!parsed.success) return `the runner sent a broken notification: ${method}`;
  // The schema of the name made these params.
  return { name: method, params: parsed.data } as AnyNotification;
}

function isNotificationName(method: string): method is RunnerNotificationName {
  return Object.hasOwn(runnerNotifications, method);
}
