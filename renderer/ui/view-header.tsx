import { type ReactNode, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { useServices, useT } from '../context/services.tsx';
import { wayBack } from '../context/trail.ts';
import { RouteLink } from './link.tsx';

/** The head of a view that was gone to: the way back, and its title, which gets the focus so that it is read. */
export function ViewHeader({ title, children, focusKey }: { title: string; children?: ReactNode; focusKey: string }) {
  const t = useT();
  const back = wayBack(useStore(useServices().location.trail));
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another place under the same title is a new view too
  useEffect(() => heading.current?.focus({ preventScroll: true }), [focusKey]);
  return (
    <header className="view-header">
      <RouteLink to={back} look="icon" icon="back" aria-label={t('back')} title={t('back')} />
      <h1 ref={heading} tabIndex={-1} title={title}>
        {title}
      </h1>
      {children}
    </header>
  );
}
