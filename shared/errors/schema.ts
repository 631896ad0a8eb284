import { z } from 'zod';
import { ERROR_CODES } from './codes.ts';

export const wireErrorSchema = z.object({
  code: z.enum(ERROR_CODES),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
  details: z.record(z.string(), z.unknown()).optional(),
});
