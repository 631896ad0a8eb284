import { expect, test } from 'vitest';
import en from '../../../../resources/locales/en/reasons.json' with { type: 'json' };
import type { CredentialView } from '../../../../shared/model/credential.ts';
import { type LivenessReport, livenessReasonSchema } from '../../../../shared/model/liveness.ts';
import { livenessNotices } from './liveness-notices.ts';

const entries = ['A', 'B'].map((variable) => ({ credentialId: variable, variable }) as CredentialView);
const report = (credentialId: string, change: Partial<LivenessReport>): LivenessReport => ({
  credentialId,
  verdict: 'could-not-check',
  reason: 'kind',
  checkedAt: 1,
  ...change,
});
const notices = (...reports: LivenessReport[]) => livenessNotices(reports, { provider: 'P', entries });

test('a plain yes needs no word, and a no is a refusal of its own', () => {
  const yes = report('A', { verdict: 'alive', reason: 'accepted' });
  expect(notices(yes, report('B', { verdict: 'alive', reason: 'answered' }))).toEqual([]);
  expect(notices(report('A', { verdict: 'dead', reason: 'refused' }))).toEqual([]);
});

test('each reason is said once, with all that it is about', () => {
  expect(notices(report('A', {}), report('B', {}), report('C', { verdict: 'unknown', reason: 'timeout' }))).toEqual([
    {
      level: 'info',
      key: 'notice.credential-kind',
      values: { provider: 'P', variable: 'A, B', status: '', cause: '' },
    },
    { level: 'warn', key: 'notice.credential-timeout', values: { provider: 'P', variable: '', status: '', cause: '' } },
  ]);
});

test.each<[LivenessReport['verdict'], LivenessReport['reason'], 'info' | 'warn']>([
  ['limited', 'permissions', 'warn'],
  ['limited', 'rate', 'warn'],
  ['no-credit', 'credit', 'warn'],
  ['unknown', 'unreachable', 'warn'],
  ['unknown', 'timeout', 'warn'],
  ['unknown', 'trouble', 'warn'],
  ['could-not-check', 'redirect', 'warn'],
  ['could-not-check', 'incomplete', 'warn'],
  ['could-not-check', 'no-request', 'info'],
  ['could-not-check', 'own-endpoint', 'info'],
  ['could-not-check', 'kind', 'info'],
])('%s (%s) is said', (verdict, reason, level) => {
  const [notice] = notices(report('A', { verdict, reason, status: 500, cause: 'ECONNREFUSED' }));
  expect(notice).toMatchObject({ level, values: { variable: 'A', status: 500, cause: 'ECONNREFUSED' } });
  expect(Object.keys(en)).toContain(notice?.key);
});

test('every reason has a sentence, apart from those that are never said', () => {
  const said = livenessReasonSchema.options.filter((reason) => `notice.credential-${reason}` in en);
  expect(livenessReasonSchema.options.filter((reason) => !said.includes(reason))).toEqual([
    'accepted',
    'answered',
    'refused',
    'plain',
    'not-sendable',
  ]);
});
