import { z } from 'zod';

/** USD per million tokens. */
const priceSchema = z.number().min(0);

/** The known facts about one provider's model. */
export const modelInfoSchema = z.object({
  /** The provider's own id of the model. */
  id: z.string().min(1),
  name: z.string().min(1),
  /** Tokens it reads at most, its own answer included. */
  context: z.number().int().positive().optional(),
  /** Tokens it writes at most. */
  output: z.number().int().positive().optional(),
  /** The base price; nought for what a subscription covers. Absent: not known. */
  price: z
    .object({
      input: priceSchema,
      output: priceSchema,
      cacheRead: priceSchema.optional(),
      cacheWrite: priceSchema.optional(),
    })
    .optional(),
  /** A day, or no more than a month or a year. */
  released: z
    .string()
    .regex(/^\d{4}(-\d\d){0,2}$/)
    .optional(),
  toolCall: z.boolean(),
  reasoning: z.boolean(),
  status: z.enum(['alpha', 'beta']).optional(),
});
export type ModelInfo = z.infer<typeof modelInfoSchema>;
