import { z } from 'zod';
import {
  agentDescriptionSchema,
  agentNameSchema,
  commandSchema,
  plainVariablesSchema,
} from '../../../../shared/model/agent-definition.ts';
import { variableNameSchema } from '../../../../shared/model/credential.ts';
import { agentIdSchema, modelSchema, providerIdSchema } from '../../../../shared/model/ids.ts';
import { SECRET_REFERENCE } from './secret-reference.ts';

const agentSchema = z
  .strictObject({
    name: agentNameSchema.optional().describe('The name that lists show. Absent: the id.'),
    description: agentDescriptionSchema.optional().describe('One sentence that lists show below the name.'),
    command: commandSchema
      .optional()
      .describe(
        'A program that speaks the Agent Client Protocol, and its arguments. Perch runs it without a shell; "node" is ' +
          "Perch's own Node, and a path with a slash is one below this folder unless it is absolute.",
      ),
    terminal: z
      .boolean()
      .optional()
      .describe('true: the command is any program. Perch runs it in a terminal that you type into, and sets no model.'),
    base: agentIdSchema.optional().describe('Instead of a command: the agent that this one is a variant of.'),
    provider: providerIdSchema
      .optional()
      .describe('The provider that answers its model calls, by its id (perch providers list).'),
    model: modelSchema.optional().describe("Absent: the agent's own default."),
    variables: plainVariablesSchema.optional().describe('Plain variables of its sessions. Never secrets.'),
  })
  .describe('An agent. It has either a command or a base.');

/** A project's `perch.toml`, as it is written. The one source of the published JSON schema. */
export const declarationFileSchema = z.strictObject({
  agents: z.record(agentIdSchema, agentSchema).optional().describe('Agents of this folder, by id.'),
  models: z
    .record(agentIdSchema, modelSchema)
    .optional()
    .describe('The models that agents use in this folder when the user chose none, by the id of the agent.'),
  providers: z
    .record(
      providerIdSchema,
      z.strictObject({
        'base-url': z
          .string()
          .max(2048)
          .describe(
            'The address of the provider for this folder: https, or http on this machine. Perch asks the user first.',
          ),
      }),
    )
    .optional()
    .describe('Endpoints of providers that Perch knows, for this folder.'),
  variables: plainVariablesSchema.optional().describe('Plain variables of all sessions in this folder. Never secrets.'),
  secrets: z
    .record(variableNameSchema, z.string().max(1024).regex(SECRET_REFERENCE))
    .optional()
    .describe(
      'Where secrets are fetched from when a session starts, by variable: keychain:NAME, env:NAME, ' +
        'op://vault/item/field, pass:NAME. Never a secret itself.',
    ),
});
export type DeclarationFile = z.infer<typeof declarationFileSchema>;
