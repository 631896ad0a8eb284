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

const escapes = { passed: 7, failed: 0, skipped: ['as root'] };

test('all runners add up, and what was skipped is named with its reason', () => {
  expect(summarize({ vitest, playwright, escapes })).toEqual({
    passed: 9,
    failed: 0,
    skipped: ['b (no keyring)', 'd (no Electron binary)', 'as root'],
  });
});

test('a runner that left no report has failed', () => {
  expect(summarize({ vitest, playwright: undefined, escapes }).failed).toBe(1);
  expect(summarize({ vitest: undefined, playwright, escapes }).failed).toBe(1);
  expect(summarize({ vitest, playwright, escapes: undefined }).failed).toBe(1);
});

test('a file that did not even load has failed, and so has an unexpected result', () => {
  const broken = { testResults: [{ status: 'failed', assertionResults: [] }] };
  const unexpected = {
    errors: [{}],
    suites: [{ specs: [{ title: 'e', tests: [{ status: 'unexpected', annotations: [] }] }] }],
  };
  expect(summarize({ vitest: broken, playwright: unexpected, escapes }).failed).toBe(3);
});
