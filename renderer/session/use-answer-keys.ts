import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useState } from 'react';

type Card = RefObject<HTMLElement | null>;

/** Milliseconds a card has the focus before its keys answer: a key that was meant for something else answers nothing. */
const ARMING_MS = 400;

/** The card gets the focus when the agent asks, unless the user is typing, or answers another question. */
export function useFocusOnAsking(card: Card): void {
  useLayoutEffect(() => {
    const self = card.current;
    if (self === null) return;
    if (!isTextField(document.activeElement) && document.activeElement?.closest(OPEN_CARD) == null) {
      self.focus({ preventScroll: true });
    }
    return () => {
      if (!self.contains(document.activeElement)) return;
      const next = [...document.querySelectorAll<HTMLElement>(OPEN_CARD)].find((other) => other !== self);
      next?.focus({ preventScroll: true });
    };
  }, [card]);
}

/** 1 … 9 give the answers in their order while the focus is in the card. Escape answers nothing: it leaves the card. */
export function useAnswerKeys(card: Card, onAnswer: (index: number) => void) {
  const [focused, setFocused] = useState(false);
  const [armed, setArmed] = useState(false);
  useEffect(() => {
    setArmed(false);
    if (!focused) return;
    const timer = setTimeout(() => setArmed(true), ARMING_MS);
    return () => clearTimeout(timer);
  }, [focused]);
  // Not React's own events: the focus that a card hands on while it goes is not told by them.
  useLayoutEffect(() => {
    const self = card.current;
    if (self === null) return;
    const look = () => setFocused(self.contains(document.activeElement));
    const onFocusOut = (event: FocusEvent) => setFocused(self.contains(event.relatedTarget as Node | null));
    self.addEventListener('focusin', look);
    self.addEventListener('focusout', onFocusOut);
    look();
    return () => {
      self.removeEventListener('focusin', look);
      self.removeEventListener('focusout', onFocusOut);
    };
  }, [card]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.repeat || isTextField(event.target)) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      card.current?.closest<HTMLElement>('.session-scroll')?.focus({ preventScroll: true });
    } else if (armed && /^[1-9]$/.test(event.key)) {
      event.preventDefault();
      onAnswer(Number(event.key) - 1);
    }
  };
  return { armed, onKeyDown };
}

const OPEN_CARD = '.permission[data-open]';

function isTextField(target: unknown): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches('input, textarea, select, [contenteditable=""], [contenteditable="true"]')
  );
}
