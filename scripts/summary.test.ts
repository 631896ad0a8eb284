import { expect, test } from 'vitest';
import { summarize } from './lib/summary.mjs';

const vitest = {
  testResults: [
    {
      status: 'passed',
      assertionResults: [
        { status: 'passed', fullName: 'a', meta: {} },
        { status: 'skipped', fullName: 'b', meta: { skipReason: 'no keyring' } },
      ],
    },
  ],
};
const playwright = {
  errors: [],
  suites: [
    {
      suites: [{ specs: [{ title: 'c', tests: [{ status: 'expected', annotations: [] }] }] }],
      specs: [
        {
          title: 'd',
          tests: [{ status: 'skipped', annotations: [{ type: 'skip', description: 'no Electron binary' }] }],
        },
      ],
    },
  ],
};

test('both runners add up, and what was skipped is named with its reason', () => {
  expect(summarize({ vitest, playwright })).toEqual({
    passed: 2,
    failed: 0,
    skipped: ['b (no keyring)', 'd (no Electron binary)'],
  });
});

test('a runner that left no report has failed', () => {
  expect(summarize({ vitest, playwright: undefined }).failed).toBe(1);
  expect(summarize({ vitest: undefined, playwright }).failed).toBe(1);
});

test('a file that did not even load has failed, and so has an unexpected result', () => {
  const broken = { testResults: [{ status: 'failed', assertionResults: [] }] };
  const unexpected = {
    errors: [{}],
    suites: [{ specs: [{ title: 'e', tests: [{ status: 'unexpected', annotations: [] }] }] }],
  };
  expect(summarize({ vitest: broken, playwright: unexpected }).failed).toBe(3);
});
