/** Milliseconds of each round. The two ran side by side, so a machine that slows down slows both. */
export interface Measured {
  readonly bare: readonly number[];
  readonly through: readonly number[];
  readonly limits: { readonly ratio: number; readonly milliseconds: number };
}

interface Verdict {
  readonly ratio: number;
  readonly difference: number;
  readonly holds: boolean;
}

/** Medians of the pairs, not a pair of medians: what drifts hits both halves of a pair. Either limit is enough. */
export function judge({ bare, through, limits }: Measured): Verdict {
  const ratio = median(through.map((value, index) => value / (bare[index] ?? Number.NaN)));
  const difference = median(through.map((value, index) => value - (bare[index] ?? Number.NaN)));
  return { ratio, difference, holds: ratio <= limits.ratio || difference <= limits.milliseconds };
}

/** Prints the figures; the exit status is 1 when both limits are broken. */
export function report(name: string, measured: Measured): number {
  const { ratio, difference, holds } = judge(measured);
  const { bare, through, limits } = measured;
  process.stdout.write(
    `${name}: ${holds ? 'holds' : 'BROKEN'}\n` +
      `  bare ${median(bare).toFixed(1)} ms, through Perch ${median(through).toFixed(1)} ms (medians of ${bare.length})\n` +
      `  ratio ${ratio.toFixed(3)} (limit ${limits.ratio}), difference ${difference.toFixed(1)} ms (limit ${limits.milliseconds} ms)\n`,
  );
  return holds ? 0 : 1;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

/** Nearest rank. @param share 0.95 for the 95th percentile */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
