/** Measures the parts of a long command, which tells at its end how long each took. `now`: milliseconds. */
export function createStages(now) {
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
    /** A line for each stage, in their order, and one for the sum. */
    lines() {
      const sum = taken.reduce((total, { seconds }) => total + seconds, 0);
      const rows = [...taken, { name: 'all', seconds: sum }];
      const width = Math.max(...rows.map(({ name }) => name.length));
      return rows.map(({ name, seconds }) => `${name.padEnd(width)}  ${seconds.toFixed(0).padStart(5)} s`);
    },
  };
}
