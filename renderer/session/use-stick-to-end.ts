import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

/** This close to the end still counts as being there, in pixels. */
const NEAR = 24;

/** How a reader moves what scrolls. */
const TOUCHES = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const;

interface StickToEnd {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  /** False while the reader looks at something further up. */
  readonly following: boolean;
  readonly follow: () => void;
  /** Something else than the reader goes to another place. */
  readonly release: () => void;
}

/** Keeps the end in sight while content grows, until the reader scrolls away, and again once back at the end. */
export function useStickToEnd(): StickToEnd {
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const sticking = useRef(true);
  const [following, setFollowing] = useState(true);

  const follow = useCallback(() => {
    sticking.current = true;
    setFollowing(true);
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, []);

  const release = useCallback(() => {
    sticking.current = false;
    setFollowing(false);
  }, []);

  useEffect(() => {
    const scroller = box.current;
    const grown = content.current;
    if (scroller === null || grown === null) return;
    let lastTop = scroller.scrollTop;
    // Rows that turn out lower than guessed move the place as well: only who touched something leaves the end.
    let touched = false;
    const onTouch = (event: Event) => {
      touched = true;
      // A browser's own gliding to the far end of a list that is measured on the way does not arrive.
      if (!(event instanceof KeyboardEvent) || event.target !== scroller) return;
      if (event.key === 'Home') scroller.scrollTop = 0;
      else if (event.key === 'End') scroller.scrollTop = scroller.scrollHeight;
      else return;
      event.preventDefault();
    };
    const onScroll = () => {
      const near = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
      // Only a way up is the reader's: growing content leaves the end behind without one.
      if (near) sticking.current = true;
      else if (touched && scroller.scrollTop < lastTop) sticking.current = false;
      if (near && scroller.scrollTop >= lastTop) touched = false;
      lastTop = scroller.scrollTop;
      setFollowing(sticking.current);
    };
    const observer = new ResizeObserver(() => {
      if (sticking.current) scroller.scrollTop = scroller.scrollHeight;
    });
    scroller.addEventListener('scroll', onScroll, { passive: true });
    for (const name of TOUCHES) scroller.addEventListener(name, onTouch, { passive: name !== 'keydown' });
    observer.observe(grown);
    observer.observe(scroller);
    return () => {
      scroller.removeEventListener('scroll', onScroll);
      for (const name of TOUCHES) scroller.removeEventListener(name, onTouch);
      observer.disconnect();
    };
  }, []);

  return { box, content, following, follow, release };
}
