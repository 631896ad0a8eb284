import { defineConfig } from 'vitest/config';

/** Rooms whose tests leave their process as they found it: starting one for each file takes longer than the tests. */
const SHARING = '{shared,renderer,electron/core,electron/node,electron/cli}/**/*.test.{ts,tsx}';
/** These set variables of their own process, and look whether a child gets them. */
const ALONE = ['electron/core/runner-host/supervisor.test.ts', 'electron/core/storage/logs/log-store.test.ts'];
const NEVER = ['**/node_modules/**', 'dist/**', 'out/**'];

export default defineConfig({
  test: {
    environment: 'node',
    globalSetup: ['scripts/lib/vitest-setup.mjs'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Every test owns its processes and folders. The smallest machine has two cores, and a third of a test is waiting.
    maxWorkers: 3,
    passWithNoTests: false,
    projects: [
      { extends: true, test: { name: 'shared', include: [SHARING], exclude: [...NEVER, ...ALONE], isolate: false } },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ['{electron/{runner,desktop,preload,loopback},scripts,bench,e2e}/**/*.test.{ts,tsx}', ...ALONE],
          exclude: NEVER,
        },
      },
    ],
  },
});
