import { z } from 'zod';

export const nothing = z.object({});

/** A method: what it takes, what it answers. Both are checked at the door that carries it. */
export function method<P extends z.ZodType, R extends z.ZodType>(params: P, result: R) {
  return { params, result } as const;
}
