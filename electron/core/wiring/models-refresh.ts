import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { HostPorts } from '../ports.ts';
import type { Catalog } from '../providers/model-catalog.ts';
import { refreshModels } from '../providers/refresh-models.ts';
import type { Access } from './open-access.ts';
import type { Storage } from './open-storage.ts';
import { fetchedModels } from './places.ts';

/** The list of models, fetched from where the present one says, and used at once. */
export function createModelsRefresh({
  ports: { paths, clock },
  services: { models, registry, fetch },
}: {
  ports: Pick<HostPorts, 'paths' | 'clock'>;
  services: Pick<Storage, 'models' | 'registry'> & Pick<Access, 'fetch'>;
}): () => Promise<Catalog> {
  return async () => {
    const about = models.about();
    if (about === undefined) throw new PerchError('MODELS_NOT_REFRESHED', { url: '–', reason: 'no list of models' });
    const { api: url, source, licence } = about;
    const wantedIds = [...new Set(registry.all().flatMap(({ modelsDev }) => modelsDev))];
    const fetched = await refreshModels({ url, source, licence, wantedIds, file: fetchedModels(paths), clock, fetch });
    models.use(fetched);
    return fetched;
  };
}
