import type { Clock } from '../../node/clock.ts';
import type { Fetch } from '../network/fetch.ts';
import { refreshSnapshot } from '../network/snapshots/refresh.ts';
import { type Catalog, catalogSchema } from './model-catalog.ts';
import { reduceModels, sourceSchema } from './reduce-models.ts';

/**
 * Fetches the list of models anew and reduces it to what is used.
 * @throws PerchError MODELS_NOT_REFRESHED, and what the user's network says (`Fetch`)
 */
export function refreshModels(options: {
  url: string;
  source: string;
  licence: string;
  wantedIds: readonly string[];
  file: string;
  clock: Clock;
  fetch: Fetch;
}): Promise<Catalog> {
  const { url, source, licence, wantedIds, file, clock, fetch } = options;
  return refreshSnapshot({
    url,
    file,
    clock,
    fetch,
    code: 'MODELS_NOT_REFRESHED',
    what: 'a list of models',
    make(data, date) {
      const providers = reduceModels(sourceSchema.parse(data), wantedIds);
      if (Object.values(providers).flat().length === 0) throw new Error('it names no model that is known here');
      return catalogSchema.parse({ source, licence, api: url, date, origin: url, providers });
    },
  });
}
