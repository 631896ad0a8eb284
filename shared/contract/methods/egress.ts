import { z } from 'zod';
import { allowedHostSchema, egressStateSchema, hostScopeSchema } from '../../model/egress.ts';
import { method, nothing } from './method.ts';

const portSchema = z.number().int().min(1).max(65_535);
const hostSchema = z.string().min(1).max(300);

/** Hosts that sessions may reach beyond their provider, and those that were refused. */
export const egressMethods = {
  'egress.list': method(nothing, egressStateSchema),
  /**
   * Works in running sessions at once. Answers what is allowed for it now.
   * HOST_INVALID: neither a name nor `*.name` nor a public address.
   */
  'egress.allow': method(
    z.object({ scope: hostScopeSchema, host: hostSchema, ports: z.array(portSchema).min(1).max(20) }),
    z.object({ allowed: z.array(allowedHostSchema) }),
  ),
  /** Connections that stand are cut. Without a port: all of them. NOT_FOUND when it was not allowed. */
  'egress.remove': method(
    z.object({ scope: hostScopeSchema, host: hostSchema, port: portSchema.optional() }),
    z.object({ removed: z.array(allowedHostSchema) }),
  ),
  /** The refused ones are seen: the list is empty until the next. */
  'egress.dismiss': method(nothing, nothing),
} as const;
