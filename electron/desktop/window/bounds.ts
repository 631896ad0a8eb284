import type { Rectangle, Size } from 'electron';

/** Pixels between the icon and the window, and to the edges of the screen. */
const GAP = 8;

/**
 * Where the popover goes: centred at the icon, on the side of it that is further from the screen's edge, whole within
 * the work area. Without an anchor (no click, or a desktop that does not tell where its icons are): the corner where
 * icons usually are.
 */
export function popoverBounds(options: { anchor: Rectangle | undefined; workArea: Rectangle; size: Size }): Rectangle {
  const { anchor, workArea } = options;
  const width = Math.min(options.size.width, workArea.width - 2 * GAP);
  const height = Math.min(options.size.height, workArea.height - 2 * GAP);
  const right = workArea.x + workArea.width - width - GAP;
  if (anchor === undefined) return { x: right, y: workArea.y + GAP, width, height };

  const isAbove = anchor.y + anchor.height / 2 < workArea.y + workArea.height / 2;
  const x = Math.round(anchor.x + anchor.width / 2 - width / 2);
  const y = isAbove ? anchor.y + anchor.height + GAP : anchor.y - height - GAP;
  return {
    x: clamp(x, workArea.x + GAP, right),
    y: clamp(Math.round(y), workArea.y + GAP, workArea.y + workArea.height - height - GAP),
    width,
    height,
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
