/** Measures the parts of a long command, which tells at its end how long each took. `now`: milliseconds. */
export function createStages(now) {
  const began = now();
  const taken = [];
  return {
    async time(name, work) {
      const started = now();
      try {
        return await work();
      } finally {
        taken.push({ name, seconds: (now() - started) / 1000 });
      }
    },
    /** A line for each stage, in the order in which they ended, and one for all the time: some run beside others. */
    lines() {
      const rows = [...taken, { name: 'all', seconds: (now() - began) / 1000 }];
      const width = Math.max(...rows.map(({ name }) => name.length));
      return rows.map(({ name, seconds }) => `${name.padEnd(width)}  ${seconds.toFixed(0).padStart(5)} s`);
    },
  };
}
