import { type FocusEvent, type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useState } from 'react';

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
  const onFocus = () => setFocused(true);
  const onBlur = (event: FocusEvent) => {
    if (card.current?.contains(event.relatedTarget as Node | null) !== true) setFocused(false);
  };
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
  return { armed, handlers: { onFocus, onBlur, onKeyDown } };
}

const OPEN_CARD = '.permission[data-open]';

function isTextField(target: unknown): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches('input, textarea, select, [contenteditable=""], [contenteditable="true"]')
  );
}
