import { type ReactNode, useId } from 'react';
import { Button } from './button.tsx';
import { ErrorText } from './error-text.tsx';
import type { Action } from './use-action.ts';

/** What is asked before something goes for good. Keeping has the focus, and Escape keeps. */
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
  /** What goes for good: read out with the question. */
  goes?: ReactNode;
  /** What stands between the question and its answers. */
  details?: ReactNode;
  /** Whether it may go on. Absent: it may. */
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
