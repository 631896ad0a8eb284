/** Which hosts a session's way out could not reach, although the rules allow them. */
export interface UnreachedHosts {
  dialled(where: string, reached: boolean): void;
  /** The host that was tried in vain most often, of those that were not reached since: agents repeat what they need. */
  unreached(): string | undefined;
  /** A turn begins. */
  forget(): void;
}

export function createUnreachedHosts(): UnreachedHosts {
  const misses = new Map<string, number>();
  return {
    dialled(where, reached) {
      if (reached) misses.delete(where);
      else misses.set(where, (misses.get(where) ?? 0) + 1);
    },
    unreached() {
      const [most] = [...misses].sort(([, one], [, other]) => other - one);
      return most?.[0];
    },
    forget: () => misses.clear(),
  };
}
