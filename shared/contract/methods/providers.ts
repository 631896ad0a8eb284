import { z } from 'zod';
import { providerIdSchema } from '../../model/ids.ts';
import { modelInfoSchema } from '../../model/model-info.ts';
import { providerViewSchema } from '../../model/provider.ts';
import { method, nothing } from './method.ts';

/** Providers of the registry and what the user changed of them. */
export const providersMethods = {
  'providers.list': method(nothing, z.object({ providers: z.array(providerViewSchema) })),
  /** What is known of its models, newest first. Empty: the provider's own examples are all there is. */
  'providers.models': method(
    z.object({ providerId: providerIdSchema }),
    z.object({ models: z.array(modelInfoSchema) }),
  ),
  'providers.setBaseUrl': method(
    z.object({ providerId: providerIdSchema, baseUrl: z.string().max(2048) }),
    z.object({ provider: providerViewSchema }),
  ),
  'providers.reset': method(z.object({ providerId: providerIdSchema }), z.object({ provider: providerViewSchema })),
} as const;
