import { type ReactNode, useId } from 'react';
import type { Action } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';

/** A switch with what it comes to beside it, before and after; `weakens`: as it stands, it protects less. */
export function ExplainedSwitch({
  label,
  checked,
  weakens,
  action,
  children,
}: {
  label: string;
  checked: boolean;
  weakens: boolean;
  action: Pick<Action<[boolean]>, 'run' | 'pending' | 'error'>;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <div className={`sandbox-switch ${weakens ? 'sandbox-switch-off' : ''}`}>
      <label className="check">
        <input
          type="checkbox"
          role="switch"
          aria-checked={checked}
          checked={checked}
          disabled={action.pending}
          aria-describedby={id}
          onChange={(event) => action.run(event.target.checked)}
        />
        {label}
      </label>
      <p className="hint" id={id}>
        {children}
      </p>
      <ErrorText error={action.error} />
    </div>
  );
}
