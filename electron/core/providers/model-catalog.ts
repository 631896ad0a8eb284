import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type ModelInfo, modelInfoSchema } from '../../../shared/model/model-info.ts';

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
  return readCatalogFile(join(resourcesDir, 'models', 'models.json'));
}

function readCatalogFile(path: string): Catalog {
  try {
    return catalogSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new Error(`${path} is not a list of models: ${reason}`, { cause: error });
  }
}

/**
 * What models cost and bear, from the data of this installation. Nothing depends on it: when it cannot be read,
 * `onProblem` is told once and no model is known. It is read when it is first asked for.
 */
export function createModelCatalog(options: {
  resourcesDir: string;
  /** Where a list that was fetched later is kept. Absent: nowhere. */
  file?: string;
  onProblem: (message: string) => void;
}): ModelCatalog {
  let known: Catalog | undefined;
  let isRead = false;
  const readOne = (read: () => Catalog): Catalog | undefined => {
    try {
      return read();
    } catch (error) {
      options.onProblem(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  };
  const catalog = (): Catalog | undefined => {
    if (isRead) return known;
    isRead = true;
    const { file } = options;
    const fetched = file !== undefined && existsSync(file) ? readOne(() => readCatalogFile(file)) : undefined;
    const bundled = fetched === undefined ? readOne(() => readCatalog(options.resourcesDir)) : undefined;
    known = fetched ?? bundled;
    return known;
  };
  return {
    about() {
      const current = catalog();
      if (current === undefined) return undefined;
      const { providers: _, ...about } = current;
      return about;
    },
    use(next) {
      known = next;
      isRead = true;
    },
    modelsOf({ modelsDev }) {
      const all = catalog()?.providers ?? {};
      const models = new Map<string, ModelInfo>();
      for (const model of modelsDev.flatMap((id) => all[id] ?? [])) {
        if (!models.has(model.id)) models.set(model.id, model);
      }
      return [...models.values()].sort((a, b) => (b.released ?? '').localeCompare(a.released ?? ''));
    },
  };
}
