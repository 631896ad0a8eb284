/** Milliseconds within which a hide and a click belong together. */
const SAME_GESTURE = 250;

/**
 * Decides what a click on the tray icon does. The click that means *close* takes the focus away first, which has hidden
 * the popover by the time it arrives: without the second look it would open again at once.
 */
export function onTrayClick(popover: { visible: boolean; hiddenAt: number }, now: number): 'show' | 'hide' | 'nothing' {
  if (popover.visible) return 'hide';
  return Math.abs(now - popover.hiddenAt) < SAME_GESTURE ? 'nothing' : 'show';
}
