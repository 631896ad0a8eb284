import { z } from 'zod';

/** `${NAME}` in a value stands for the variable of that name in the session's environment. */
const valuesSchema = z.array(z.object({ name: z.string(), value: z.string() }));

/** A server of the Model Context Protocol that an agent is told of when its session is opened. No secret is in it. */
export const mcpLaunchSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('stdio'),
    name: z.string(),
    /** Absolute path, as the sandbox shows it. */
    command: z.string(),
    args: z.array(z.string()),
    env: valuesSchema,
  }),
  z.object({ type: z.literal('http'), name: z.string(), url: z.string(), headers: valuesSchema }),
  z.object({ type: z.literal('sse'), name: z.string(), url: z.string(), headers: valuesSchema }),
]);
export type McpLaunch = z.infer<typeof mcpLaunchSchema>;

/** `name`: the agent fills in the variables itself, and the values that it gets are in no message to it. */
export const mcpVariablesBySchema = z.enum(['value', 'name']);
export type McpVariablesBy = z.infer<typeof mcpVariablesBySchema>;

/** A server that the agent was not told of, because it does not speak this transport. */
export const mcpUnsupportedSchema = z.object({ name: z.string(), transport: z.enum(['http', 'sse']) });
export type McpUnsupported = z.infer<typeof mcpUnsupportedSchema>;
