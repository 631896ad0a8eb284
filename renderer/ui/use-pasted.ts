import { useState } from 'react';

export interface Pasted {
  remember(text: string): void;
  /** Everything pasted since the field was last empty. It is forgotten by that. */
  take(): readonly string[];
}

/**
 * The text that was pasted into a field of secrets, until it is stored or the field is emptied: the clipboard holds
 * that text, not the one that was made of it. The memory ends with the form, and causes no rendering.
 */
export function usePasted(): Pasted {
  const [pasted] = useState(createPasted);
  return pasted;
}

function createPasted(): Pasted {
  const texts: string[] = [];
  return {
    remember: (text) => void texts.push(text),
    take: () => texts.splice(0),
  };
}
