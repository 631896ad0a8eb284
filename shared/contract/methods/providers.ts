import { z } from 'zod';
import { providerIdSchema } from '../../model/ids.ts';
import { modelInfoSchema } from '../../model/model-info.ts';
import { providerViewSchema } from '../../model/provider.ts';
import { method, nothing } from './method.ts';

const modelsSourceSchema = z.object({ source: z.url(), date: z.iso.date(), origin: z.string() });

/** Providers of the registry and what the user changed of them. */
export const providersMethods = {
  'providers.list': method(nothing, z.object({ providers: z.array(providerViewSchema) })),
  /** The known facts about its models, newest first. Empty when there are only the provider's own examples. */
  'providers.models': method(
    z.object({ providerId: providerIdSchema }),
    z.object({ models: z.array(modelInfoSchema) }),
  ),
  /** Where the list of models is from, and of which day; absent when there is none. */
  'providers.modelsSource': method(nothing, z.object({ source: modelsSourceSchema.optional() })),
  /** Fetches the list anew; after an error the former one counts. Nothing needs it. */
  'providers.refreshModels': method(nothing, z.object({ source: modelsSourceSchema })),
  'providers.setBaseUrl': method(
    z.object({ providerId: providerIdSchema, baseUrl: z.string().max(2048) }),
    z.object({ provider: providerViewSchema }),
  ),
  /** The OAuth client with which the user signs in; empty: the registry's, where it has one. */
  'providers.setLoginClientId': method(
    z.object({ providerId: providerIdSchema, clientId: z.string().max(256) }),
    z.object({ provider: providerViewSchema }),
  ),
  'providers.reset': method(z.object({ providerId: providerIdSchema }), z.object({ provider: providerViewSchema })),
} as const;
