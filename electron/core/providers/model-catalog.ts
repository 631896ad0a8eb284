import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type ModelInfo, modelInfoSchema } from '../../../shared/model/model-info.ts';

const catalogSchema = z.object({
  source: z.url(),
  licence: z.string(),
  /** The day of the data. */
  date: z.iso.date(),
  origin: z.string(),
  /** By models.dev's ids of providers; newest first. */
  providers: z.record(z.string(), z.array(modelInfoSchema)),
});
type Catalog = z.infer<typeof catalogSchema>;

export interface ModelCatalog {
  /** Newest first; empty where nothing is known. */
  modelsOf(provider: { readonly modelsDev: readonly string[] }): ModelInfo[];
}

/** @throws Error naming the file and the place in it */
export function readCatalog(resourcesDir: string): Catalog {
  const path = join(resourcesDir, 'models', 'models.json');
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
  onProblem: (message: string) => void;
}): ModelCatalog {
  let providers: Catalog['providers'] | undefined;
  const read = (): Catalog['providers'] => {
    try {
      return readCatalog(options.resourcesDir).providers;
    } catch (error) {
      options.onProblem(error instanceof Error ? error.message : String(error));
      return {};
    }
  };
  return {
    modelsOf({ modelsDev }) {
      providers ??= read();
      const all = providers;
      const models = new Map<string, ModelInfo>();
      for (const model of modelsDev.flatMap((id) => all[id] ?? [])) {
        if (!models.has(model.id)) models.set(model.id, model);
      }
      return [...models.values()].sort((a, b) => (b.released ?? '').localeCompare(a.released ?? ''));
    },
  };
}
