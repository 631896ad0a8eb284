import { z } from 'zod';
import { forgetListSchema, forgetTargetSchema } from '../../model/forget.ts';
import { method } from './method.ts';

/** Forgetting a project, an agent, or everything. */
export const forgetMethods = {
  'forget.list': method(z.object({ target: forgetTargetSchema }), z.object({ list: forgetListSchema })),
  /**
   * For good; answers what went. Refused while a turn of it runs (SESSION_BUSY), and when the keychain does not give
   * up the values (KEYCHAIN_*): then nothing went. After `everything` the core ends, and its data directory is empty.
   */
  'forget.carryOut': method(z.object({ target: forgetTargetSchema }), z.object({ list: forgetListSchema })),
} as const;
