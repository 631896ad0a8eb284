/**
 * Adds up what the runners reported. A runner without a report counts as one failure: it did not get that far.
 * A skipped test is listed with its reason; it never counts as passed.
 */
export function summarize({ vitest, playwright, escapes }) {
  const total = { passed: 0, failed: 0, skipped: [] };
  if (vitest === undefined) total.failed += 1;
  for (const file of vitest?.testResults ?? []) {
    if (file.status === 'failed' && file.assertionResults.length === 0) total.failed += 1;
    for (const test of file.assertionResults) addVitest(total, test);
  }
  if (playwright === undefined) total.failed += 1;
  total.failed += playwright?.errors?.length ?? 0;
  for (const suite of playwright?.suites ?? []) addSuite(total, suite);
  // Each attempt in each run is one.
  total.passed += escapes?.passed ?? 0;
  total.failed += escapes?.failed ?? 1;
  total.skipped.push(...(escapes?.skipped ?? []));
  return total;
}

function addVitest(total, test) {
  if (test.status === 'passed') total.passed += 1;
  else if (test.status === 'failed') total.failed += 1;
  else total.skipped.push(`${test.fullName}${test.meta?.skipReason ? ` (${test.meta.skipReason})` : ''}`);
}

function addSuite(total, suite) {
  for (const inner of suite.suites ?? []) addSuite(total, inner);
  for (const spec of suite.specs ?? []) {
    for (const test of spec.tests) {
      if (test.status === 'expected' || test.status === 'flaky') total.passed += 1;
      else if (test.status === 'skipped') total.skipped.push(`${spec.title}${reason(spec, test)}`);
      else total.failed += 1;
    }
  }
}

/** The reason that tests of the long form give (`e2e/fixtures/long.ts`). */
export const LONG_ONLY = 'part of npm run test:long';

function reason(spec, test) {
  const texts = test.annotations
    .filter((note) => note.type === 'skip' && note.description)
    .map((note) => note.description);
  if (spec.tags?.includes('long') && !texts.includes(LONG_ONLY)) texts.push(LONG_ONLY);
  return texts.length === 0 ? '' : ` (${texts.join('; ')})`;
}
