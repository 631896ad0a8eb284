/** What one attempt came to in one run. */
type Outcome = 'held' | 'escaped' | 'could not run';

interface Kind {
  readonly attempts: Set<string>;
  readonly users: Set<string>;
  readonly outcomes: Record<Outcome, number>;
}

/** Counts by kind, and names what went wrong. */
export function createTally(onProblem: (line: string) => void) {
  const kinds = new Map<string, Kind>();
  const problems: string[] = [];
  return {
    add(of: { kind: string; name: string; user: string }, outcome: Outcome, why = ''): void {
      const kind = kinds.get(of.kind) ?? {
        attempts: new Set(),
        users: new Set(),
        outcomes: { held: 0, escaped: 0, 'could not run': 0 },
      };
      kinds.set(of.kind, kind);
      kind.attempts.add(of.name);
      kind.users.add(of.user);
      kind.outcomes[outcome] += 1;
      if (outcome === 'held') return;
      const line = `${outcome}: ${of.kind}/${of.name} as ${of.user}${why === '' ? '' : `: ${why}`}`;
      if (!problems.includes(line)) onProblem(line);
      problems.push(line);
    },
    problems: (): readonly string[] => [...new Set(problems)],
    lines(repeats: number): string[] {
      const rows = [...kinds].map(([kind, { attempts, users, outcomes }]) => {
        const size = `${attempts.size} attempts × ${users.size} users × ${repeats}`;
        return `${kind.padEnd(22)} ${size.padEnd(30)} ${outcomes.held} held, ${outcomes.escaped} escaped, ${outcomes['could not run']} could not run`;
      });
      const all = [...kinds.values()];
      const sum = (outcome: Outcome): number => all.reduce((total, { outcomes }) => total + outcomes[outcome], 0);
      const total = all.reduce((count, { attempts }) => count + attempts.size, 0);
      rows.push(
        `${'all'.padEnd(22)} ${`${total} attempts`.padEnd(30)} ${sum('held')} held, ${sum('escaped')} escaped, ${sum('could not run')} could not run`,
      );
      return rows;
    },
    total(): { attempts: number; held: number; failed: number } {
      const all = [...kinds.values()];
      return {
        attempts: all.reduce((count, { attempts }) => count + attempts.size, 0),
        held: all.reduce((count, { outcomes }) => count + outcomes.held, 0),
        failed: all.reduce((count, { outcomes }) => count + outcomes.escaped + outcomes['could not run'], 0),
      };
    },
  };
}
export type Tally = ReturnType<typeof createTally>;
