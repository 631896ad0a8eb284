/** A locale file: flat, `key → sentence with {placeholders}`. */
export type Messages = Readonly<Record<string, string>>;

type MessageValues = Readonly<Record<string, string | number>>;

/** Fills the sentence of a key. Never raises: what is missing stays visible in the text. */
export type Translate = (key: string, values?: MessageValues) => string;

export type TranslationProblem =
  | { readonly kind: 'missing-key'; readonly key: string }
  | { readonly kind: 'missing-value'; readonly key: string; readonly placeholder: string };

const PLACEHOLDER = /\{([A-Za-z][A-Za-z0-9]*)\}/g;

/**
 * A missing key shows as `[key]`, a missing value as its own `{placeholder}`; `report` hears of each, so that a
 * room can log it.
 */
export function createTranslator(messages: Messages, report?: (problem: TranslationProblem) => void): Translate {
  return (key, values = {}) => {
    const message = own(messages, key);
    if (message === undefined) {
      report?.({ kind: 'missing-key', key });
      return `[${key}]`;
    }
    return message.replace(PLACEHOLDER, (asWritten, placeholder: string) => {
      const value = own(values, placeholder);
      if (value !== undefined) return String(value);
      report?.({ kind: 'missing-value', key, placeholder });
      return asWritten;
    });
  };
}

/** The placeholders of a sentence, each once, in alphabetical order. */
export function placeholdersOf(message: string): string[] {
  const names = [...message.matchAll(PLACEHOLDER)].map(([, name]) => name ?? '');
  return [...new Set(names)].sort();
}

/** Keys come from other programs: `constructor` must not find what every object inherits. */
function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
