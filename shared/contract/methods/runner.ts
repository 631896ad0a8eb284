import { z } from 'zod';
import { restartBudgetSchema, supervisorEventSchema } from '../../model/connection-state.ts';
import { method, nothing } from './method.ts';

/** The agent runner. */
export const runnerMethods = {
  'runner.restart': method(nothing, nothing),
  'runner.timeline': method(nothing, z.object({ events: z.array(supervisorEventSchema), budget: restartBudgetSchema })),
} as const;
