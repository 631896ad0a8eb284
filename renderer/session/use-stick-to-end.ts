import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

/** This close to the end still counts as being there, in pixels. */
const NEAR = 24;

export interface StickToEnd {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  /** False while the reader looks at something further up. */
  readonly following: boolean;
  readonly follow: () => void;
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

  useEffect(() => {
    const scroller = box.current;
    const grown = content.current;
    if (scroller === null || grown === null) return;
    let lastTop = scroller.scrollTop;
    const onScroll = () => {
      const near = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
      // Only a way up is the reader's: growing content leaves the end behind without one.
      if (near) sticking.current = true;
      else if (scroller.scrollTop < lastTop) sticking.current = false;
      lastTop = scroller.scrollTop;
      setFollowing(sticking.current);
    };
    const observer = new ResizeObserver(() => {
      if (sticking.current) scroller.scrollTop = scroller.scrollHeight;
    });
    scroller.addEventListener('scroll', onScroll, { passive: true });
    observer.observe(grown);
    observer.observe(scroller);
    return () => {
      scroller.removeEventListener('scroll', onScroll);
      observer.disconnect();
    };
  }, []);

  return { box, content, following, follow };
}
