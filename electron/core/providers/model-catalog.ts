import { join } from 'node:path';
import { z } from 'zod';
import { type ModelInfo, modelInfoSchema } from '../../../shared/model/model-info.ts';
import { createFetchableData, readSnapshot } from '../network/snapshots/fetchable-data.ts';

export const catalogSchema = z.object({
  source: z.url(),
  /** Where the whole data is fetched from. */
  api: z.url(),
  licence: z.string(),
  /** The day of the data. */
  date: z.iso.date(),
  origin: z.string(),
  /** By models.dev's ids of providers; newest first. */
  providers: z.record(z.string(), z.array(modelInfoSchema)),
});
export type Catalog = z.infer<typeof catalogSchema>;

export interface ModelCatalog {
  /** Newest first; empty where nothing is known. */
  modelsOf(provider: { readonly modelsDev: readonly string[] }): ModelInfo[];
  /** Where the list is from; undefined when none can be read. */
  about(): Omit<Catalog, 'providers'> | undefined;
  /** From now on this one. */
  use(catalog: Catalog): void;
}

/** @throws Error naming the file and the place in it */
export function readCatalog(resourcesDir: string): Catalog {
  return readCatalogFile(bundledCatalog(resourcesDir));
}

const bundledCatalog = (resourcesDir: string): string => join(resourcesDir, 'models', 'models.json');
const readCatalogFile = (file: string): Catalog => readSnapshot(file, catalogSchema, 'a list of models');

/** Prices and limits of models. No other part depends on the file: when it cannot be read, no model is known. */
export function createModelCatalog(options: {
  resourcesDir: string;
  /** Where a list that was fetched later is kept. Absent: nowhere. */
  file?: string;
  onProblem: (message: string) => void;
}): ModelCatalog {
  const kept = createFetchableData({
    bundled: bundledCatalog(options.resourcesDir),
    fetched: options.file,
    read: readCatalogFile,
    onProblem: options.onProblem,
  });
  return {
    about() {
      const current = kept.current();
      if (current === undefined) return undefined;
      const { providers: _, ...about } = current;
      return about;
    },
    use: kept.use,
    modelsOf({ modelsDev }) {
      const all = kept.current()?.providers ?? {};
      const models = new Map<string, ModelInfo>();
      for (const model of modelsDev.flatMap((id) => all[id] ?? [])) {
        if (!models.has(model.id)) models.set(model.id, model);
      }
      return [...models.values()].sort((a, b) => (b.released ?? '').localeCompare(a.released ?? ''));
    },
  };
}
