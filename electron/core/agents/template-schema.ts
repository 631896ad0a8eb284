import { z } from 'zod';
import { variableNameSchema } from '../../../shared/model/credential.ts';
import { isReservedName } from '../../../shared/variables/reserved-names.ts';

/** A JSON value whose strings may hold `${placeholders}`; see `template.ts`. */
const templateSchema = z.json();
export type Template = z.infer<typeof templateSchema>;

/** Why an agent's description sets a variable: the locale key is `reason.agent-<reason>`. */
const variableReasonSchema = z.enum([
  'routing',
  'quiet',
  'log',
  'fail-fast',
  'protection',
  'program',
  'model',
  'required',
  'instructions',
]);

export const variableTemplateSchema = z.object({
  name: variableNameSchema.refine((name) => !isReservedName(name), 'a reserved name'),
  /** A string, or JSON that is written as text. Disappears when a placeholder in it is empty. */
  value: templateSchema,
  reason: variableReasonSchema,
});
export type VariableTemplate = z.infer<typeof variableTemplateSchema>;

export const stateFileSchema = z.object({
  path: z.string().regex(/^(?!\/)(?!.*\.\.)[\w./-]+$/),
  content: templateSchema,
});
