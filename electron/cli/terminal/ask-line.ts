/** Asks one line of the user; null when the signal ended it. */
export type AskLine = (question: string, signal: AbortSignal) => Promise<string | null>;
