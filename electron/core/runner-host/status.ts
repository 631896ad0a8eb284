import type { Failure } from '../../../shared/model/failure.ts';

/** Where the runner stands. `reconnecting` lasts until the next one is connected; a passed `nextTryAt` means: trying now. */
export type RunnerStatus =
  | { readonly kind: 'starting' }
  /** `generation` counts the runners of this supervisor: another one knows nothing of earlier sessions. */
  | { readonly kind: 'connected'; readonly since: number; readonly generation: number; readonly pid: number }
  | {
      readonly kind: 'reconnecting';
      readonly attempt: number;
      readonly nextTryAt: number;
      readonly failure: Failure;
    }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly crashLoop: boolean }
  | { readonly kind: 'stopped' };
