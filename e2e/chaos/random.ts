/** Numbers that come again with the same seed (mulberry32), so that a failure can be looked at twice. */
export function createRandom(seed: number) {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    fraction,
    /** From `least` up to and without `below`. */
    between: (least: number, below: number): number => least + Math.floor(fraction() * (below - least)),
    pick: <T>(from: readonly [T, ...T[]]): T => from[Math.floor(fraction() * from.length)] ?? from[0],
  };
}
export type Random = ReturnType<typeof createRandom>;
