import type { ReactNode } from 'react';
import { useT } from '../context/services.tsx';
import { Button } from '../ui/button.tsx';

/** The heading of a form that adds something. With `replaced` it replaces that instead, which can be left. */
export function FormTitle({
  replaced,
  onStopReplacing,
  children,
}: {
  replaced: string | null;
  onStopReplacing: () => void;
  children: ReactNode;
}) {
  const t = useT();
  if (replaced === null) return <h3>{children}</h3>;
  return (
    <div className="row row-between">
      <h3>{replaced}</h3>
      <Button look="quiet" onClick={onStopReplacing}>
        {t('keep')}
      </Button>
    </div>
  );
}
