import { z } from 'zod';
import { REFUSALS } from '../egress/rules.ts';
import { hostRuleSchema, loopbackServiceSchema } from './sandbox-policy.ts';

const portSchema = z.number().int().min(0).max(65535);

/** What a session may reach through the egress proxy. */
export const networkRulesSchema = z.object({
  hosts: z.array(hostRuleSchema),
  loopback: z.array(loopbackServiceSchema),
});

/** A destination that was refused. `host` in canonical text, or printable text of what was no host. */
export const refusedHostSchema = z.object({ host: z.string().max(253), port: portSchema, reason: z.enum(REFUSALS) });
export type RefusedHost = z.infer<typeof refusedHostSchema>;

/** A corporate proxy. `authorization` is a secret: a whole `Proxy-Authorization` value. */
export const upstreamProxySchema = z.object({
  host: z.string().min(1),
  port: portSchema.min(1),
  authorization: z.string().optional(),
});
export type UpstreamProxy = z.infer<typeof upstreamProxySchema>;
