import { z } from 'zod';

/** Hosts that a session may reach: exact names, or `*.suffix` for every name below a suffix but not itself. */
export const hostRuleSchema = z.object({
  host: z.string().min(1),
  ports: z.array(z.number().int().min(1).max(65535)),
  /** The user named it as a provider's own endpoint: it may be in a private network. On this machine never. */
  privateAddresses: z.boolean().optional(),
});
export type HostRule = z.infer<typeof hostRuleSchema>;

export const loopbackServiceSchema = z.object({ address: z.string(), port: z.number().int().min(1).max(65535) });

/**
 * `shared`: the host's own network. `proxy`: a network of its own whose only way out is Perch's egress proxy.
 * `none`: a network of its own with no way out.
 */
export const sandboxNetworkSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('shared') }),
  z.object({
    kind: z.literal('proxy'),
    hosts: z.array(hostRuleSchema),
    /** Exactly these services on the host's own loopback, by numeric address. */
    loopback: z.array(loopbackServiceSchema),
  }),
  z.object({ kind: z.literal('none') }),
]);
export type SandboxNetwork = z.infer<typeof sandboxNetworkSchema>;

export const NETWORK_KINDS = ['shared', 'proxy', 'none'] as const satisfies readonly SandboxNetwork['kind'][];

/**
 * The policy of a session as one object: the core makes it, and a backend of the runner enforces it or refuses. All
 * paths are absolute.
 */
export const sandboxPolicySchema = z.object({
  /** `off` only by the user's explicit choice for this agent. */
  enforcement: z.enum(['required', 'off']),
  /** Readable, at the same path. Missing ones are an error unless `optional`. */
  readOnly: z.array(z.object({ path: z.string(), optional: z.boolean() })),
  /** Readable and writable, at the same path. */
  writable: z.array(z.string()),
  /** The agent's state directory on the host, and where the sandbox shows it (its HOME). */
  state: z.object({ hostPath: z.string(), sandboxPath: z.string() }),
  workingDirectory: z.string(),
  network: sandboxNetworkSchema,
  guard: z.object({
    /**
     * Files and folders that programs of the host take orders from. Where they exist, at any depth of the working
     * directory, they are read-only; where they come to be, they are set aside before the end of the turn. The hooks
     * and settings of its repositories are so in any case.
     */
    names: z.array(z.string()),
    /** The names that cannot even be created in the working directory itself. */
    held: z.array(z.string()),
    /**
     * Files that read as empty, at any depth of the working directory; `*` stands for any text, and `!` in front
     * takes names out again.
     */
    empty: z.array(z.string()),
    /** Paths below writable folders elsewhere, which nothing may come to be at. Absent: there are none. */
    free: z.array(z.string()).optional(),
  }),
  limits: z.object({
    /** Processes and threads at a time. */
    processes: z.number().int().positive(),
    /** Bytes of one file that is written. */
    fileBytes: z.number().int().positive(),
    /** Bytes of private memory of one process. */
    memoryBytes: z.number().int().positive(),
  }),
  /** True when the agent may build sandboxes of its own inside. */
  nesting: z.boolean(),
  /** Runs the bridge between the sandbox and the egress proxy; empty where there is none. */
  nodeExecutable: z.string(),
  /** Folder of the host for what must outlive a runner that dies. It is never shown inside. */
  records: z.string(),
});
export type SandboxPolicy = z.infer<typeof sandboxPolicySchema>;

/** Limits that a backend cannot enforce. `own-processes`: the session sees other processes, and daemons may stay. */
const sandboxLackSchema = z.enum(['process-limit', 'memory-limit', 'own-processes']);

export const sandboxStatusSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('enforced'),
    backend: z.string(),
    network: z.enum(NETWORK_KINDS),
    /** Absent: nothing. */
    lacks: z.array(sandboxLackSchema).optional(),
  }),
  z.object({ state: z.literal('off') }),
]);
export type SandboxStatus = z.infer<typeof sandboxStatusSchema>;

/** The isolation that this machine can enforce, found by running the backend once. */
export const sandboxAvailabilitySchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('checking') }),
  z.object({ state: z.literal('available'), backend: z.string(), version: z.string() }),
  z.object({ state: z.literal('unavailable'), reason: z.string() }),
]);
export type SandboxAvailability = z.infer<typeof sandboxAvailabilitySchema>;
