import type { ProviderView } from '../model/provider.ts';

type Providers = readonly Pick<ProviderView, 'keyShapes'>[];

/** Around a word of prose: `(sk-…).`, `key=sk-…`. */
const BETWEEN = /[^A-Za-z0-9._~+/=-]+/;
const BETWEEN_PARTS = /[^A-Za-z0-9._~-]+/;
const SENTENCE_END = /[.:,;!?]+$/;

/** True when the text is one whole token of any of the providers, recognised by its start. */
export function isToken(text: string, providers: Providers): boolean {
  return providers.some(({ keyShapes }) =>
    keyShapes.some(({ prefix = '', pattern }) => prefix !== '' && text.startsWith(prefix) && matches(pattern, text)),
  );
}

/** A whole token to which nothing can be added: what follows it does not belong to it. */
export function isCompleteToken(text: string, providers: Providers): boolean {
  return isToken(text, providers) && !isToken(`${text}A`, providers) && !isToken(`${text}0`, providers);
}

/** The whole tokens among the words of a text, each once. */
export function tokensIn(text: string, providers: Providers): string[] {
  const words = [...text.split(BETWEEN), ...text.split(BETWEEN_PARTS)];
  const found = words
    .flatMap((word) => [word.replace(SENTENCE_END, ''), word])
    .filter((word) => word !== '' && isToken(word, providers));
  // With its full stop or without, in a path or alone: the shortest is the token.
  return [...new Set(found)].filter((token, _, all) => !all.some((other) => other !== token && token.includes(other)));
}

function matches(pattern: string, text: string): boolean {
  return new RegExp(pattern).test(text);
}
