import { type ReactNode, useId } from 'react';
import type { Action } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { Button } from '../ui/button.tsx';

/** A question before something is deleted for good. Cancel has the focus, and Escape cancels. */
export function Question({
  label,
  keep,
  go,
  action,
  onKeep,
  goes,
  details,
  ready = true,
  children,
}: {
  label: string;
  keep: string;
  go: string;
  action: Pick<Action<[]>, 'run' | 'pending' | 'error'>;
  onKeep: () => void;
  /** The things that are deleted for good: read out with the question. */
  goes?: ReactNode;
  /** The content between the question and its answers. */
  details?: ReactNode;
  /** True when the action may go on; the default. */
  ready?: boolean;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <div
      className="question"
      role="alertdialog"
      aria-label={label}
      aria-describedby={id}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onKeep();
      }}
    >
      <div id={id}>
        <p>{children}</p>
        {goes}
      </div>
      {details}
      <div className="row">
        <Button autoFocus onClick={onKeep}>
          {keep}
        </Button>
        <Button look="danger" onClick={() => action.run()} disabled={action.pending || !ready}>
          {go}
        </Button>
      </div>
      <ErrorText error={action.error} />
    </div>
  );
}
