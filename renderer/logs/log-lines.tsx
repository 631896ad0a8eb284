import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef } from 'react';
import type { PositionedLogLine } from '../../shared/model/log-position.ts';
import { useT } from '../context/services.tsx';
import { useLanguage } from '../context/use-language.ts';
import { Button } from '../ui/button.tsx';
import { dayBegun, timeOfDay } from '../ui/day.ts';
import { splitAtHits } from './excerpt.ts';
import { NO_FILTER } from './log-reader.ts';
import type { LogState } from './log-store.ts';
import { useReaderScroll } from './use-reader-scroll.ts';

interface LogLinesProps {
  readonly state: LogState;
  readonly marked: PositionedLogLine | undefined;
  readonly onEarlier: () => void;
  readonly onLater: () => void;
  readonly onScrolledUp: () => void;
}

/** Pixels of a line that was not measured yet. */
const GUESSED = 22;

const keyOf = ({ position }: PositionedLogLine) => `${position.segment}:${position.offset}`;

/** The lines in sight of however many there are; the page's own flow goes around them. */
export function LogLines({ state, marked, onEarlier, onLater, onScrolledUp }: LogLinesProps) {
  const t = useT();
  const { lines, following } = state;
  const box = useRef<HTMLElement>(null);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => GUESSED,
    getItemKey: (index) => (lines[index] ? keyOf(lines[index]) : index),
    overscan: 20,
    // Lines that come before those in sight do not move them.
    anchorTo: 'end',
  });
  useReaderScroll(box, { following, onScrolledUp, toEnd: () => virtualizer.scrollToEnd() });
  useShown(virtualizer, state, marked);
  const inSight = virtualizer.getVirtualItems();
  const above = inSight[0]?.start ?? 0;
  const below = virtualizer.getTotalSize() - (inSight.at(-1)?.end ?? 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section className="log-scroll" ref={box} tabIndex={0} aria-label={t('log.lines')}>
      {lines.length === 0 && <p className="empty">{t(emptyKey(state))}</p>}
      {lines.length > 0 && !state.atStart && (
        <Button look="quiet" onClick={onEarlier}>
          {t('log.earlier')}
        </Button>
      )}
      {/* biome-ignore lint/a11y/noRedundantRoles: WebKit takes the role away from a list without bullets */}
      <ol role="list" className="log-lines" style={{ paddingTop: above, paddingBottom: Math.max(0, below) }}>
        {inSight.map(({ index }) => {
          const line = lines[index];
          return (
            line && (
              <li
                key={keyOf(line)}
                ref={virtualizer.measureElement}
                data-index={index}
                className={`log-line log-${line.level}`}
                aria-current={line === marked || undefined}
                aria-setsize={lines.length}
                aria-posinset={index + 1}
              >
                <Day line={line} before={lines[index - 1]} />
                <Line line={line} wanted={state.filter.text} />
              </li>
            )
          );
        })}
      </ol>
      {lines.length > 0 && !state.atEnd && !following && (
        <Button look="quiet" onClick={onLater}>
          {t('log.later')}
        </Button>
      )}
    </section>
  );
}

function emptyKey({ loading, filter, error }: LogState): string {
  if (loading) return 'loading';
  if (error !== null) return 'log.notRead';
  if (filter.text !== '') return 'log.noMatch';
  if (filter.minLevel === 'debug') return 'log.empty';
  return filter.minLevel === NO_FILTER.minLevel ? 'log.emptyAtLevel' : 'log.noMatch';
}

/** To the marked line once it is there; to the end while following. */
function useShown(
  virtualizer: Pick<ReturnType<typeof useVirtualizer>, 'scrollToIndex' | 'scrollToEnd'>,
  { lines, following }: LogState,
  marked: PositionedLogLine | undefined,
) {
  const shown = useRef<PositionedLogLine>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the virtualizer is a new object with each change of its own
  useEffect(() => {
    if (following) virtualizer.scrollToEnd();
    else if (marked !== undefined && marked !== shown.current) {
      shown.current = marked;
      virtualizer.scrollToIndex(lines.indexOf(marked), { align: 'center' });
    }
  }, [lines, following, marked]);
}

/** Above the first line that is shown, and above the first of each further day. */
function Day({ line, before }: { line: PositionedLogLine; before: PositionedLogLine | undefined }) {
  const day = dayBegun(line, before, useLanguage());
  return day && <span className="log-day">{day}</span>;
}

const Line = memo(function Line({ line, wanted }: { line: PositionedLogLine; wanted: string }) {
  return (
    <>
      <time dateTime={line.time}>{timeOfDay(line.time)}</time>
      <span className="log-level">{line.level}</span>
      <span className="log-source">
        <Hits text={line.source} wanted={wanted} />
      </span>
      <span className="log-message">
        <Hits text={line.message} wanted={wanted} />
      </span>
    </>
  );
});

function Hits({ text, wanted }: { text: string; wanted: string }) {
  return splitAtHits(text, wanted).map((piece, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never change places
    index % 2 === 1 ? <mark key={index}>{piece}</mark> : piece,
  );
}
