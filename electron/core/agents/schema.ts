import { z } from 'zod';
import { agentProtocolSchema } from '../../../shared/model/agent.ts';
import { variableNameSchema } from '../../../shared/model/credential.ts';
import { agentIdSchema, providerIdSchema } from '../../../shared/model/ids.ts';
import { PERMISSION_MODES } from '../../../shared/model/permission-mode.ts';
import { dialectSchema } from '../../../shared/model/provider.ts';
import { hostRuleSchema } from '../../../shared/model/sandbox-policy.ts';
import { mcpVariablesBySchema } from '../../../shared/runner-protocol/mcp.ts';
import { failureSignsSchema } from '../../../shared/runner-protocol/protocol.ts';
import type { AddedAgent } from './added-agent.ts';
import { loginSchema } from './login/schema.ts';
import { stateFileSchema, variableTemplateSchema } from './template-schema.ts';

export type { Template, VariableTemplate } from './template-schema.ts';

/** A file of a package: `platform` is Node's `<platform>-<arch>`. */
const nativeFileSchema = z.object({
  platform: z.string(),
  package: z.string(),
  file: z.string(),
  /** The processor must have this feature, where that can be found out. */
  requires: z.enum(['avx2']).optional(),
});

const npmPackageSchema = z.object({
  name: z.string(),
  /** Where the real programs are. The first one that is installed is taken. */
  natives: z.array(nativeFileSchema).default([]),
  /** For programs that are JavaScript: the file that Node runs. Absent: the package's own command. */
  entry: z.string().optional(),
  /** True when the entry needs other packages beside it. */
  hasDependencies: z.boolean().default(false),
});
export type NpmPackage = z.infer<typeof npmPackageSchema>;

const whereAndWhich = {
  /** Folders where the agent's own installer puts it; `~` is the home folder. */
  places: z.array(z.string()).default([]),
  /** The oldest version that is known to work. Older ones are started all the same, and said to be old. */
  minimumVersion: z.string().optional(),
};

const programSchema = z.discriminatedUnion('kind', [
  /** A file of Perch's own programs folder, run by Node. */
  z.object({ kind: z.literal('built-in'), file: z.string() }),
  z.object({
    kind: z.literal('native'),
    commands: z.array(z.string()).min(1),
    package: npmPackageSchema.optional(),
    versionArgs: z.array(z.string()).default(['--version']),
    ...whereAndWhich,
  }),
  z.object({
    kind: z.literal('node'),
    commands: z.array(z.string()).min(1),
    package: npmPackageSchema,
    ...whereAndWhich,
  }),
  /** A custom program: a command on PATH or an absolute path, started as it is. */
  z.object({ kind: z.literal('command'), file: z.string(), args: z.array(z.string()) }),
]);
export type ProgramSpec = z.infer<typeof programSchema>;

/** A translator between ACP and the agent's own protocol; JavaScript, run by Perch's Node. */
const adapterSchema = z.object({
  name: z.string(),
  installCommand: z.string(),
  /** The file in Perch's own programs folder, when Perch brings it along. */
  file: z.string().optional(),
  commands: z.array(z.string()),
  package: npmPackageSchema,
});
export type AdapterSpec = z.infer<typeof adapterSchema>;

/** How Perch itself installs it, from the package registry. */
const installSchema = z.object({
  /** Exact versions, known to work together. The first package is the agent's own. */
  packages: z.array(z.object({ name: z.string(), version: z.string() })).min(1),
  /** Large dependencies of the packages that are already there and are not installed again. */
  leaveOut: z.array(z.string()).default([]),
  /** True when the packages only work after their install scripts have run. */
  scripts: z.boolean().default(false),
});
export type InstallSpec = z.infer<typeof installSchema>;

const agentProviderSchema = z.object({
  providerId: providerIdSchema,
  /** The wire format in which this agent speaks to this provider. */
  dialect: dialectSchema,
  /**
   * Complete alternatives, best first; empty when none is needed. `as`: the names under which the agent wants the
   * values, where they differ from the names under which they are kept.
   */
  credentials: z.array(
    z.object({
      variables: z.array(variableNameSchema).min(1),
      as: z.record(variableNameSchema, variableNameSchema).default({}),
    }),
  ),
  environment: z.array(variableTemplateSchema).default([]),
});
export type AgentProvider = z.infer<typeof agentProviderSchema>;

/** The `_meta` object that ACP's `session/new` carries for this agent. */
const sessionMetaSchema = z.record(z.string(), z.json());

const modesSchema = z
  .strictObject({
    byo: z.strictObject({}).optional(),
    managed: z
      .strictObject({
        /** The agent's own tools that reach the web. What follows takes them from it. */
        webTools: z.array(z.string()),
        environment: z.array(variableTemplateSchema).default([]),
        stateFiles: z.array(stateFileSchema).default([]),
        sessionMeta: sessionMetaSchema.optional(),
      })
      .optional(),
  })
  .refine((modes) => Object.keys(modes).length > 0, 'no mode at all');

const describedPermissionModeSchema = z.strictObject({
  /** The agent's own name of it: a mode of the protocol, or a value of the option for modes. */
  modeId: z.string().optional(),
  /** The agent has no such mode of its own: Perch answers every question with yes. */
  allows: z.literal(true).optional(),
  /** For agents that take it at their start only. */
  environment: z.array(variableTemplateSchema).default([]),
});

/** A file of `resources/agents/`: everything that Perch knows of one agent. */
export const agentSchema = z.object({
  /** For editors: where the JSON schema of this file is. */
  $schema: z.string().optional(),
  agentId: agentIdSchema,
  name: z.string(),
  description: z.string(),
  demo: z.boolean().default(false),
  protocol: agentProtocolSchema.default('acp'),
  homepage: z.url().optional(),
  /** By hand. */
  installCommand: z.string(),
  /** Absent: it is in no package that Perch could install. */
  install: installSchema.optional(),
  /** The agent's names in the ACP registry, where they differ from its id. */
  registryIds: z.array(z.string()).default([]),
  program: programSchema,
  adapter: adapterSchema.optional(),
  args: z.array(z.string()).default([]),
  /** The agent runs commands in a sandbox of its own, which needs namespaces and mounts. */
  nestedSandbox: z.boolean().default(false),
  modelBy: z.enum(['launch', 'acp-config-option', 'acp-set-model']),
  /** The modes that it can run in, and what is different in them. */
  modes: modesSchema.default({ byo: {} }),
  sessionMeta: sessionMetaSchema.optional(),
  /** See LaunchSpec. */
  clientMeta: sessionMetaSchema.optional(),
  /** The permission modes of the agent; every other mode is refused. */
  permissionModes: z
    .partialRecord(z.enum(PERMISSION_MODES), describedPermissionModeSchema)
    .default({ ask: { environment: [] } }),
  /**
   * The agent takes the user's instructions from its settings: `${instructions}`, or `${instructionsText}` where an
   * empty text is not allowed. Other agents get them before the first prompt.
   */
  takesInstructions: z.boolean().default(false),
  environment: z.array(variableTemplateSchema).default([]),
  stateFiles: z.array(stateFileSchema).default([]),
  /** Hosts that it needs to work, its provider apart. Its updates and telemetry are none. */
  network: z.array(hostRuleSchema.omit({ privateAddresses: true })).default([]),
  /**
   * Hosts that the agent asks for by itself, for updates and telemetry: refused like every other, and no news. `*.`
   * before a name stands for every name below it. While a tool runs it may be the tool that asks: then it is told.
   */
  ownTraffic: z.array(z.string()).default([]),
  providers: z.array(agentProviderSchema).default([]),
  /** The agent's own way in, where it has one. */
  login: loginSchema.optional(),
  /**
   * Says whether a command that the model runs finds the provider's credential in its environment. `kept-out`: a test
   * showed that the agent keeps it from its tools. The agent's own process has it either way.
   */
  toolCredential: z.enum(['kept-out', 'visible']).default('visible'),
  /**
   * `name`: it fills `${NAME}` in the settings of MCP servers from its own environment. For agents that would hand the
   * value on where it can be read, as an argument.
   */
  mcpVariablesBy: mcpVariablesBySchema.default('value'),
  failureSigns: failureSignsSchema,
  /** Milliseconds; see LaunchSpec. */
  limits: z.object({
    start: z.number().int().positive(),
    silence: z.number().int().nonnegative(),
    stop: z.number().int().positive(),
  }),
});
/** `made` marks a custom agent, which Perch does not bring along. */
export type Agent = z.infer<typeof agentSchema> & { readonly added?: AddedAgent };
