import { type RefObject, useEffect, useRef } from 'react';

/** This close to the end still counts as being there, in pixels. */
const NEAR = 40;
const TOUCHES = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const;

interface ReaderScroll {
  readonly following: boolean;
  readonly onScrolledUp: () => void;
  readonly toEnd: () => void;
}

/** Tells a way up that is the reader's own from one that measured lines make, and takes Home and End all the way. */
export function useReaderScroll(box: RefObject<HTMLElement | null>, options: ReaderScroll) {
  const latest = useRef(options);
  latest.current = options;
  useEffect(() => {
    const scroller = box.current;
    if (scroller === null) return;
    let touched = false;
    let lastTop = scroller.scrollTop;
    const onTouch = (event: Event) => {
      touched = true;
      if (!(event instanceof KeyboardEvent) || event.target !== scroller) return;
      if (event.key === 'Home') scroller.scrollTop = 0;
      else if (event.key === 'End') latest.current.toEnd();
      else return;
      event.preventDefault();
    };
    const onScroll = () => {
      const near = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
      const up = scroller.scrollTop < lastTop;
      lastTop = scroller.scrollTop;
      if (near) touched = false;
      else if (touched && up && latest.current.following) latest.current.onScrolledUp();
    };
    scroller.addEventListener('scroll', onScroll, { passive: true });
    for (const name of TOUCHES) scroller.addEventListener(name, onTouch, { passive: name !== 'keydown' });
    return () => {
      scroller.removeEventListener('scroll', onScroll);
      for (const name of TOUCHES) scroller.removeEventListener(name, onTouch);
    };
  }, [box]);
}
