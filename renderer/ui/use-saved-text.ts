import { type Dispatch, type SetStateAction, useEffect, useState } from 'react';

/** A text that can be edited, and follows the saved one whenever that changes. */
export function useSavedText(saved: string): readonly [string, Dispatch<SetStateAction<string>>] {
  const [text, setText] = useState(saved);
  useEffect(() => setText(saved), [saved]);
  return [text, setText];
}
