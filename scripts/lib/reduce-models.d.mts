import type { ModelInfo } from '../../shared/model/model-info.ts';

export function reduceModels(data: object, wantedIds: readonly string[]): Record<string, ModelInfo[]>;
