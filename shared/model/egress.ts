import { z } from 'zod';
import { REFUSALS } from '../egress/rules.ts';
import { agentIdSchema, directorySchema, epochMsSchema, sessionIdSchema, turnIdSchema } from './ids.ts';
import { hostRuleSchema, loopbackServiceSchema } from './sandbox-policy.ts';

const portSchema = z.number().int().min(0).max(65535);

/** The hosts that a session may reach through the egress proxy. */
export const networkRulesSchema = z.object({
  hosts: z.array(hostRuleSchema),
  loopback: z.array(loopbackServiceSchema),
});

/** A destination that was refused. `host` in canonical text, or printable text of what was no host. */
export const refusedHostSchema = z.object({ host: z.string().max(253), port: portSchema, reason: z.enum(REFUSALS) });
export type RefusedHost = z.infer<typeof refusedHostSchema>;

/**
 * The proxy of the user's network. `authorization` is a secret: a whole `Proxy-Authorization` value. `exceptions` as
 * `canonicalException` gives them. `certificates`: PEM, trusted beside the system's when the proxy itself speaks TLS.
 */
export const upstreamProxySchema = z.object({
  protocol: z.enum(['http', 'https']),
  host: z.string().min(1),
  port: portSchema.min(1),
  authorization: z.string().optional(),
  exceptions: z.array(z.string()),
  certificates: z.string().optional(),
});
export type UpstreamProxy = z.infer<typeof upstreamProxySchema>;

/**
 * Why that proxy is no way out. `credential`: it asks for another user name or password (407). `host`: it does not let
 * this host through, or does not reach it. `certificate`: its own is not trusted.
 */
const PROXY_PROBLEMS = ['credential', 'unreachable', 'certificate', 'host'] as const;
export type ProxyProblem = (typeof PROXY_PROBLEMS)[number];

/** The sessions that may reach a host which the user allowed: those in one working directory, or those of one agent. */
export const hostScopeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('project'), projectDir: directorySchema }),
  z.object({ kind: z.literal('agent'), agentId: agentIdSchema }),
]);
export type HostScope = z.infer<typeof hostScopeSchema>;

/** A host that the user allowed, as it is matched: in lower case, `*.` before it for every name below. */
export const allowedHostSchema = z.object({
  scope: hostScopeSchema,
  host: z.string(),
  port: portSchema.min(1),
  allowedAt: epochMsSchema,
});
export type AllowedHost = z.infer<typeof allowedHostSchema>;

/** An agent's attempt to reach a host that its session may not reach. */
const refusedAttemptSchema = refusedHostSchema.extend({
  agentId: agentIdSchema,
  projectDir: directorySchema,
  sessionId: sessionIdSchema,
  turnId: turnIdSchema.optional(),
  at: epochMsSchema,
});
export type RefusedAttempt = z.infer<typeof refusedAttemptSchema>;

/** `refused`: the newest 20, newest first, each host and port of an agent and directory once. */
export const egressStateSchema = z.object({
  allowed: z.array(allowedHostSchema),
  refused: z.array(refusedAttemptSchema),
});
export type EgressState = z.infer<typeof egressStateSchema>;
