import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{shared,renderer,electron,scripts,bench,e2e}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'dist/**', 'out/**'],
    environment: 'node',
    globalSetup: ['scripts/lib/vitest-setup.mjs'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Every test owns its processes and folders; two workers are what the smallest machine has.
    maxWorkers: 2,
    passWithNoTests: false,
  },
});
