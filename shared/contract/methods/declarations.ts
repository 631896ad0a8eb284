import { z } from 'zod';
import { declarationViewSchema } from '../../model/declaration.ts';
import { directorySchema, providerIdSchema } from '../../model/ids.ts';
import { method } from './method.ts';

const place = z.object({ projectDir: directorySchema });
const view = z.object({ declaration: declarationViewSchema });

/** The declarations in the `perch.toml` of folders, and the user's answers to them. No method here changes a file. */
export const declarationsMethods = {
  /** Absent: the folder declares nothing. */
  'declarations.get': method(place, z.object({ declaration: declarationViewSchema.optional() })),
  /**
   * Trust in the folder, with all that its file starts and fetches. `stamp`: of what the user was shown.
   * @throws NOT_FOUND, DECLARATION_CHANGED, DECLARATION_INVALID
   */
  'declarations.trust': method(z.object({ projectDir: directorySchema, stamp: z.string() }), view),
  /** Turns of its agents that run are ended. */
  'declarations.distrust': method(place, z.object({ declaration: declarationViewSchema.optional() })),
  /**
   * Confirms that a provider's credential may go to this very origin, as the file of this folder wants. @throws
   * NOT_FOUND
   */
  'declarations.confirmEndpoint': method(
    z.object({ projectDir: directorySchema, providerId: providerIdSchema, origin: z.string().max(2048) }),
    view,
  ),
} as const;
