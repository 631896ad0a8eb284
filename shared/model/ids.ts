import { z } from 'zod';

/** Lower-case words joined by hyphens: `claude-code`, `openrouter`. Also safe as a file name. */
const slugSchema = z
  .string()
  .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/)
  .max(64);
export const agentIdSchema = slugSchema;
export const providerIdSchema = slugSchema;

/** Chosen by the client before it submits; makes a submission idempotent. */
export const turnIdSchema = z.uuid();
export const sessionIdSchema = z.uuid();
export const credentialIdSchema = z.uuid();

/** Empty means the agent's own default: no model is passed to it. Model ids are opaque, never split. One line. */
export const modelSchema = z
  .string()
  .trim()
  .max(256)
  .regex(/^\P{Cc}*$/u);

/** An absolute path on the machine the runner runs on. */
export const directorySchema = z.string().min(1).max(4096);

export const epochMsSchema = z.number().int().nonnegative();
