import { method, nothing } from './method.ts';

/** The failures of earlier starts. */
export const bootMethods = {
  /** The user has read it: it is not told again, and stays beside the boot log as `boot.previous.log`. */
  'boot.dismiss': method(nothing, nothing),
} as const;
