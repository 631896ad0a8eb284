export const CHECKOUT: string;
export const NODE: string;
export const NO_ORDINARY_USER: string;

export interface Prepared {
  readonly environment: Readonly<Record<string, string>>;
  dispose(): void;
}

export function prepareOrdinaryUser(given: {
  root: string;
  node: string;
  say: (sentence: string) => void;
  /** Temporary folders to try, the preferred first. */
  candidates?: readonly string[];
  isRoot?: boolean;
}): Prepared;

export function whyUnreadable(checkout: string, node: string): string | undefined;
