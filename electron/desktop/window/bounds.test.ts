import fc from 'fast-check';
import { expect, test } from 'vitest';
import { popoverBounds } from './bounds.ts';

const size = { width: 400, height: 600 };
const screen = { x: 0, y: 24, width: 1440, height: 876 };

test.each([
  ['menu bar on top, icon in the middle', { x: 700, y: 0, width: 20, height: 24 }, screen, { x: 510, y: 32 }],
  ['menu bar on top, icon at the right edge', { x: 1420, y: 0, width: 20, height: 24 }, screen, { x: 1032, y: 32 }],
  [
    'task bar at the bottom',
    { x: 1200, y: 860, width: 24, height: 40 },
    { x: 0, y: 0, width: 1440, height: 860 },
    { x: 1012, y: 252 },
  ],
  [
    'task bar at the left',
    { x: 10, y: 800, width: 40, height: 40 },
    { x: 60, y: 0, width: 1380, height: 900 },
    { x: 68, y: 192 },
  ],
  [
    'second screen, left of the first',
    { x: -500, y: 0, width: 20, height: 24 },
    { x: -1920, y: 24, width: 1920, height: 1056 },
    { x: -690, y: 32 },
  ],
  ['no icon to be found', undefined, screen, { x: 1032, y: 32 }],
])('%s', (_, anchor, workArea, expected) => {
  expect(popoverBounds({ anchor, workArea, size })).toEqual({ ...expected, ...size });
});

test('wherever the icon is, the whole window is on the screen, smaller if it must', () => {
  const rectangle = (max: number) =>
    fc.record({
      x: fc.integer({ min: -4000, max: 4000 }),
      y: fc.integer({ min: -4000, max: 4000 }),
      width: fc.integer({ min: 200, max }),
      height: fc.integer({ min: 200, max }),
    });
  fc.assert(
    fc.property(fc.option(rectangle(300), { nil: undefined }), rectangle(4000), (anchor, workArea) => {
      const { x, y, width, height } = popoverBounds({ anchor, workArea, size });
      expect(x).toBeGreaterThanOrEqual(workArea.x);
      expect(y).toBeGreaterThanOrEqual(workArea.y);
      expect(x + width).toBeLessThanOrEqual(workArea.x + workArea.width);
      expect(y + height).toBeLessThanOrEqual(workArea.y + workArea.height);
      expect(Math.min(width, height)).toBeGreaterThan(0);
    }),
  );
});
