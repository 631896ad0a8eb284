import { useState } from 'react';

interface FormDraft<D> {
  readonly draft: D;
  /** An edit by the user. */
  readonly change: (patch: Partial<D>) => void;
  /** Other values take its place, as after saving; nothing is taken back. */
  readonly replace: (next: D | ((current: D) => D)) => void;
}

/**
 * The values of a form until they are saved.
 * @param onEdit takes back what was said of the values before the edit: that they are saved, or why they are not
 */
export function useDraft<D extends object>(initial: D | (() => D), onEdit: () => void = () => {}): FormDraft<D> {
  const [draft, replace] = useState(initial);
  const change = (patch: Partial<D>) => {
    onEdit();
    replace({ ...draft, ...patch });
  };
  return { draft, change, replace };
}
