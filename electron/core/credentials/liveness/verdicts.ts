import type { LivenessReport } from '../../../../shared/model/liveness.ts';
import type { Finding } from './classify.ts';

/** Milliseconds for which an answer is good. */
export const LIVENESS_CACHE_MS = 60_000;
/** Milliseconds for which no answer is taken for no answer: every turn would wait for the same time-out again. */
export const SILENCE_CACHE_MS = 15_000;

/** The last verdict on each value and address, which a key stands for, and what is being asked. */
export function createVerdicts({ now }: { now: () => number }) {
  const last = new Map<string, LivenessReport>();
  const asking = new Map<string, Promise<LivenessReport>>();

  return {
    /** However old. */
    known: (key: string): LivenessReport | undefined => last.get(key),
    fresh(key: string): LivenessReport | undefined {
      const report = last.get(key);
      return report !== undefined && now() - report.checkedAt < lifetimeOf(report) ? report : undefined;
    },
    /** `changed`: it says another thing than the one before. */
    put(key: string, credentialId: string, finding: Finding) {
      const before = last.get(key);
      const report = { credentialId, ...finding, checkedAt: now() };
      last.delete(key);
      last.set(key, report);
      return { report, changed: before?.verdict !== finding.verdict || before.reason !== finding.reason };
    },
    /** Forgets what is about credentials that are gone, and what was superseded: another value, another address. */
    prune(credentialIds: ReadonlySet<string>): void {
      const told = new Set<string>();
      // The newest first: what was put last stands last.
      for (const [key, { credentialId, checkedAt }] of [...last].reverse()) {
        const superseded = told.has(credentialId);
        told.add(credentialId);
        const old = now() - checkedAt >= LIVENESS_CACHE_MS;
        if (!credentialIds.has(credentialId) || (superseded && old)) last.delete(key);
      }
    },
    /** Asks one question at a time about the same thing: a later caller gets the same answer. */
    once(key: string, ask: () => Promise<LivenessReport>): Promise<LivenessReport> {
      const running = asking.get(key);
      if (running !== undefined) return running;
      const asked = ask().finally(() => asking.delete(key));
      asking.set(key, asked);
      return asked;
    },
  };
}

function lifetimeOf({ verdict }: LivenessReport): number {
  return verdict === 'unknown' ? SILENCE_CACHE_MS : LIVENESS_CACHE_MS;
}
