import { z } from 'zod';
import { method, nothing } from './method.ts';

/** A damaged database that was set aside; the slice `recovery` says what came over. */
export const recoveryMethods = {
  /** Marks the recovery as seen: the slice is empty until the next. */
  'recovery.dismiss': method(nothing, nothing),
  /** Shows the damaged file in the file manager; false where the host cannot. NOT_FOUND when it is gone. */
  'recovery.reveal': method(nothing, z.object({ revealed: z.boolean() })),
} as const;
