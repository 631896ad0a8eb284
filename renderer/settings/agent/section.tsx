import { type ReactNode, useId } from 'react';
import { useT } from '../../app/services.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorText } from '../../ui/error-text.tsx';
import type { Action } from '../../ui/use-action.ts';

/** One part of an agent's settings. `reset`: something in it is not as by default, and this is the way back. */
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
