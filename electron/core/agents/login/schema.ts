import { z } from 'zod';
import { variableNameSchema } from '../../../../shared/model/credential.ts';
import { providerIdSchema } from '../../../../shared/model/ids.ts';
import { LOGIN_WAYS } from '../../../../shared/model/own-login.ts';
import { hostRuleSchema } from '../../../../shared/model/sandbox-policy.ts';
import { stateFileSchema, variableTemplateSchema } from '../template-schema.ts';

/** Below the agent's state directory. */
const ownFileSchema = z.string().regex(/^(?!\/)(?!.*\.\.)[\w./-]+$/);

const waySchema = z.object({
  wayId: z.enum(LOGIN_WAYS),
  /** Arguments of the agent's own program, never of an adapter. */
  args: z.array(z.string()),
  environment: z.array(variableTemplateSchema).default([]),
  /** In the place of the agent's own ones of the same path. */
  stateFiles: z.array(stateFileSchema).default([]),
  /** The token that it prints, and the variable under which the agent takes it. Absent: it leaves files. */
  prints: z.object({ providerId: providerIdSchema, variable: variableNameSchema }).optional(),
});
export type LoginWay = z.infer<typeof waySchema>;

/** The way to find out whether the login holds. Without any of `files` there is no login, and no program is asked. */
const statusSchema = z.discriminatedUnion('kind', [
  /** Regular expression sources, tested against what the agent prints. Neither matches: it could not be checked. */
  z.object({ kind: z.literal('command'), args: z.array(z.string()), signedIn: z.string(), signedOut: z.string() }),
  /** A JSON file that has an entry of the name that `providers` gives. */
  z.object({ kind: z.literal('file'), path: ownFileSchema }),
]);
export type LoginStatusSource = z.infer<typeof statusSchema>;

/** An agent's own login, as it stands in `resources/agents/`. */
export const loginSchema = z.object({
  /** With what one signs in, as its own pages say it: a product's name, the same in every language. */
  name: z.string().min(1),
  /**
   * Where the agent's own program keeps a login of the user's: a file in the folder that the variable names, else in
   * this one of the home directory. Perch looks whether it is there, and never opens it.
   */
  elsewhere: z
    .array(z.object({ variable: variableNameSchema.optional(), folder: ownFileSchema, file: ownFileSchema }))
    .default([]),
  /** The providers whose credential it can be, and what the login's own files call them. */
  providers: z.record(providerIdSchema, z.string()),
  ways: z.array(waySchema).min(1),
  status: statusSchema,
  /** The files that a login leaves in the state directory; signing out removes them. */
  files: z.array(ownFileSchema).min(1),
  /**
   * The agent's choice when it gets a credential while it is signed in: the credential, by its order of precedence or
   * its configuration, or an unmeasured answer.
   */
  besideCredential: z.enum(['credential-wins', 'not-known']).default('not-known'),
  /** The difference in a session that uses the login. */
  session: z
    .object({
      environment: z.array(variableTemplateSchema).default([]),
      unset: z.array(variableNameSchema).default([]),
      stateFiles: z.array(stateFileSchema).default([]),
      /** Hosts that answer and renew the login, beside the provider's own. */
      network: z.array(hostRuleSchema.omit({ privateAddresses: true })).default([]),
    })
    .default({ environment: [], unset: [], stateFiles: [], network: [] }),
});
export type AgentLogin = z.infer<typeof loginSchema>;
