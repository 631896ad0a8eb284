import { expect, test } from 'vitest';
import { LONG_ONLY as ofSpecs } from '../e2e/fixtures/long.ts';
import { LONG_ONLY, summarize } from './lib/summary.mjs';

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

test('a test of the long form has that as its reason, by its tag as by its own words', () => {
  const byTag = { title: 'f', tags: ['long'], tests: [{ status: 'skipped', annotations: [{ type: 'skip' }] }] };
  const byWords = {
    title: 'g',
    tests: [{ status: 'skipped', annotations: [{ type: 'skip', description: LONG_ONLY }] }],
  };
  const { skipped } = summarize({ vitest, playwright: { errors: [], suites: [{ specs: [byTag, byWords] }] }, escapes });
  expect(skipped).toEqual(expect.arrayContaining([`f (${LONG_ONLY})`, `g (${LONG_ONLY})`]));
  expect(ofSpecs).toBe(LONG_ONLY);
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
