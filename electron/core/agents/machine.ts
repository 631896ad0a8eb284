import { readFileSync } from 'node:fs';
import type { Machine } from './packages.ts';

/** The machine that this process runs on. Processor features are known on Linux only; elsewhere they are assumed. */
export function thisMachine(): Machine {
  const flags = process.platform === 'linux' && process.arch === 'x64' ? readProcessorFlags() : undefined;
  return {
    platform: `${process.platform}-${process.arch}`,
    has: (feature) => flags === undefined || flags.includes(feature),
  };
}

function readProcessorFlags(): readonly string[] | undefined {
  try {
    const line = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1];
    return line?.trim().split(/\s+/);
  } catch {
    // Some containers hide this file: the answer is open, and the common processor has the feature.
    return undefined;
  }
}
