import { defineConfig } from 'vitest/config';

/** The unit tests that must notice every mutant of `stryker.config.json`: the pure decisions' own, nothing slow. */
export default defineConfig({
  test: {
    include: [
      'electron/core/launch/gate/*.test.ts',
      'electron/core/launch/session-env/*.test.ts',
      'shared/variables/reserved-names.test.ts',
      'electron/core/agents/{effective-model,situation}.test.ts',
      'electron/core/credentials/{chain,masking,resolution,split}.test.ts',
      'electron/core/credentials/liveness/*.test.ts',
    ],
    environment: 'node',
    testTimeout: 20_000,
    maxWorkers: 1,
  },
});
