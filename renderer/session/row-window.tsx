import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useContext, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { FindContext } from './find.ts';
import { type Row, textOf } from './rows.ts';

/** Pixels between two rows, as the style sheet has it. */
const GAP = 10;
/** Pixels of a row that was not measured yet. */
const GUESSED = 40;
/** Up to so many rows are laid out whole. */
const ALL_AT_ONCE = 300;

interface RowWindowProps {
  readonly turnId: string;
  readonly rows: readonly Row[];
  readonly children: (row: Row) => ReactNode;
}

/**
 * The rows of a turn, of a long one only those in sight: they stand in the page's flow between two margins that take the
 * place of the rest, so that selecting, reading aloud and searching a page work as ever for what is there.
 */
export function RowWindow({ turnId, rows, children }: RowWindowProps) {
  const scope = useContext(FindContext);
  const self = useRef<HTMLDivElement>(null);
  const keepFocus = useKeptFocus(self, scope?.box);
  const margin = useOffset(self, scope?.box);
  const whole = rows.length <= ALL_AT_ONCE;
  const virtualizer = useVirtualizer({
    count: rows.length,
    enabled: !whole,
    getScrollElement: () => scope?.box.current ?? null,
    estimateSize: () => GUESSED,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 12,
    gap: GAP,
    scrollMargin: margin,
  });

  // On the way up a correction of the place would stop the reader's own movement.
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = (item, _, { scrollOffset, scrollDirection }) =>
    scrollDirection !== 'backward' && item.start < (scrollOffset ?? 0);

  const latest = useRef({ rows, whole, virtualizer });
  latest.current = { rows, whole, virtualizer };
  const places = scope?.places;
  useEffect(() => {
    return places?.register(turnId, {
      texts: () => latest.current.rows.map(textOf),
      show(index) {
        if (!latest.current.whole) latest.current.virtualizer.scrollToIndex(index, { align: 'center' });
        else self.current?.querySelector(`[data-index="${index}"]`)?.scrollIntoView({ block: 'center' });
      },
    });
  }, [places, turnId]);

  const found = scope?.current?.turnId === turnId ? scope.current.index : undefined;
  const row = (index: number, measure?: (element: Element | null) => void) => {
    const shown = rows[index];
    return (
      shown && (
        <div key={shown.key} data-index={index} ref={measure} className={index === found ? 'row-found' : undefined}>
          {children(shown)}
        </div>
      )
    );
  };
  const inSight = virtualizer.getVirtualItems();
  const above = whole ? 0 : (inSight[0]?.start ?? margin) - margin;
  const below = whole ? 0 : virtualizer.getTotalSize() - ((inSight.at(-1)?.end ?? margin) - margin);
  return (
    <div
      ref={self}
      className="rows"
      data-rows={rows.length}
      style={{ paddingTop: above, paddingBottom: Math.max(0, below) }}
      {...keepFocus}
    >
      {whole ? rows.map((_, index) => row(index)) : inSight.map(({ index }) => row(index, virtualizer.measureElement))}
    </div>
  );
}

type Box = { readonly current: HTMLElement | null } | undefined;

/** How far below the start of what scrolls an element stands; what stands before it grows and shrinks. */
function useOffset(self: { readonly current: HTMLElement | null }, box: Box): number {
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    const [element, scroller] = [self.current, box?.current];
    if (!element || !scroller) return;
    const measure = () => {
      const top = element.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
      setOffset(Math.round(top));
    };
    measure();
    const observer = new ResizeObserver(measure);
    const content = scroller.firstElementChild;
    if (content) observer.observe(content);
    return () => observer.disconnect();
  }, [self, box]);
  return offset;
}

/** When the row that has the focus goes out of sight, what scrolls gets it: the keys go on working. */
function useKeptFocus(self: { readonly current: HTMLElement | null }, box: Box) {
  const inside = useRef(false);
  useLayoutEffect(() => {
    if (!inside.current || self.current?.contains(document.activeElement)) return;
    inside.current = false;
    if (document.activeElement === document.body) box?.current?.focus({ preventScroll: true });
  });
  return {
    onFocus: () => {
      inside.current = true;
    },
    onBlur: (event: { relatedTarget: unknown }) => {
      if (event.relatedTarget !== null) inside.current = false;
    },
  };
}
