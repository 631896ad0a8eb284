import { method, nothing } from './method.ts';

/** Secrets of sessions that turned up in output or logs. */
export const leaksMethods = {
  /** Marks the exposures as seen: the list is empty until the next. */
  'leaks.dismiss': method(nothing, nothing),
} as const;
