import { memo, type RefObject, useEffect, useRef } from 'react';
import type { LogPosition, PositionedLogLine } from '../../shared/model/log-position.ts';
import { useT } from '../app/services.tsx';
import { Button } from '../ui/button.tsx';
import { OrderedList } from '../ui/list.tsx';
import type { LogState } from './log-store.ts';
import { lineAt } from './merge.ts';

interface LogLinesProps {
  readonly state: LogState;
  /** The place to show and mark. */
  readonly place: LogPosition | undefined;
  readonly onEarlier: () => void;
  readonly onScrolledUp: () => void;
}

/** This close to the end still counts as following it, in pixels. */
const NEAR = 40;

export function LogLines({ state, place, onEarlier, onScrolledUp }: LogLinesProps) {
  const t = useT();
  const box = useRef<HTMLElement>(null);
  const marked = place && !state.positionGone ? lineAt(state.lines, place) : undefined;
  useScroll(box, state, marked);
  const onScroll = () => {
    const { current } = box;
    if (current === null || !state.following) return;
    if (current.scrollHeight - current.scrollTop - current.clientHeight > NEAR) onScrolledUp();
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section className="log-scroll" ref={box} onWheel={onScroll} tabIndex={0} aria-label={t('log.lines')}>
      {state.lines.length > 0 && !state.atStart && (
        <Button look="quiet" onClick={onEarlier}>
          {t('log.earlier')}
        </Button>
      )}
      {state.lines.length === 0 && <p className="empty">{t(emptyKey(state))}</p>}
      <OrderedList className="log-lines">
        {state.lines.map((line) => (
          <Line key={`${line.position.segment}:${line.position.offset}`} line={line} marked={line === marked} />
        ))}
      </OrderedList>
    </section>
  );
}

function emptyKey({ loading, filter }: LogState): string {
  if (loading) return 'loading';
  return filter.text === '' && filter.minLevel === 'debug' ? 'log.empty' : 'log.noMatch';
}

/** To the marked line once it is there; to the end while following. */
function useScroll(box: RefObject<HTMLElement | null>, state: LogState, marked: PositionedLogLine | undefined) {
  const shown = useRef<string>('');
  const { lines, following } = state;
  useEffect(() => {
    const { current } = box;
    if (current === null) return;
    const key = marked ? `${marked.position.segment}:${marked.position.offset}` : '';
    if (following) current.scrollTop = current.scrollHeight;
    else if (key !== '' && key !== shown.current && lines.length > 0) {
      shown.current = key;
      current.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'center' });
    }
  }, [box, lines, following, marked]);
}

const Line = memo(function Line({ line, marked }: { line: PositionedLogLine; marked: boolean }) {
  return (
    <li className={`log-line log-${line.level}`} aria-current={marked || undefined}>
      <time dateTime={line.time}>{line.time.slice(11, 23)}</time>
      <span className="log-level">{line.level}</span>
      <span className="log-source">{line.source}</span>
      <span className="log-message">{line.message}</span>
    </li>
  );
});
