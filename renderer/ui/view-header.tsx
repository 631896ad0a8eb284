import { type ReactNode, useEffect, useRef } from 'react';
import { HOME } from '../app/route.ts';
import { useT } from '../app/services.tsx';
import { RouteLink } from './link.tsx';

/** The head of a view that was gone to: the way back, and its title, which gets the focus so that it is read. */
export function ViewHeader({ title, children, focusKey }: { title: string; children?: ReactNode; focusKey: string }) {
  const t = useT();
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another place under the same title is a new view too
  useEffect(() => heading.current?.focus({ preventScroll: true }), [focusKey]);
  return (
    <header className="view-header">
      <RouteLink to={HOME} look="icon" icon="back" aria-label={t('back')} title={t('back')} />
      <h1 ref={heading} tabIndex={-1} title={title}>
        {title}
      </h1>
      {children}
    </header>
  );
}
