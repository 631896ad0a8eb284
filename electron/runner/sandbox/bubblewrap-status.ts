/** The parts of bubblewrap's `--json-status-fd` that are read: one JSON object per line. */
interface BubblewrapStatus {
  push(text: string): void;
  /** The first process inside, in the numbers of the host. */
  readonly namespaceRoot: number | undefined;
  /** Written when the program ended that was to run inside; never when bubblewrap failed before it. */
  readonly programEnded: boolean;
}

export function createBubblewrapStatus(): BubblewrapStatus {
  let rest = '';
  let namespaceRoot: number | undefined;
  let programEnded = false;
  return {
    push(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const pid = /"child-pid":\s*(\d+)/.exec(line)?.[1];
        if (pid !== undefined) namespaceRoot = Number(pid);
        if (line.includes('"exit-code"')) programEnded = true;
      }
    },
    get namespaceRoot() {
      return namespaceRoot;
    },
    get programEnded() {
      return programEnded;
    },
  };
}
