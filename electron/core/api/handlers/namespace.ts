import type { CoreHandlers } from '../../../../shared/contract/methods.ts';

/** The handlers of one namespace of the contract: all whose method begins with `<name>.`. */
export type HandlersOf<Name extends string> = {
  readonly [M in keyof CoreHandlers as M extends `${Name}.${string}` ? M : never]: CoreHandlers[M];
};
