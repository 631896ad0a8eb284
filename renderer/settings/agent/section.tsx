import { type ReactNode, useId } from 'react';
import { useT } from '../../context/services.tsx';
import type { Action } from '../../context/use-action.ts';
import { ErrorText } from '../../failure/error-text.tsx';
import { Button } from '../../ui/button.tsx';

/** A part of an agent's settings. `reset`: a setting in it differs from its default, and this resets it. */
export function Section({
  title,
  reset,
  children,
}: {
  title: string;
  reset?: Pick<Action<[]>, 'run' | 'pending' | 'error'> | undefined;
  children: ReactNode;
}) {
  const t = useT();
  const id = useId();
  return (
    <section className="card" aria-labelledby={id}>
      <div className="row row-between">
        <h4 id={id}>{title}</h4>
        {reset && (
          <Button look="quiet" disabled={reset.pending} onClick={() => reset.run()}>
            {t('agentSettings.reset')}
            <span className="visually-hidden">: {title}</span>
          </Button>
        )}
      </div>
      {children}
      <ErrorText error={reset?.error ?? null} />
    </section>
  );
}
