import { expect, it } from 'vitest';
import type { PermissionOption } from '../../../../shared/model/run-event.ts';
import { allowingOption, wasDeclined } from './permission-options.ts';

const option = (kind: PermissionOption['kind']) => ({ optionId: `id of ${kind}`, name: kind, kind });
const options = (['reject_always', 'allow_always', 'reject_once', 'allow_once'] as const).map(option);
const answer = (optionId: string) => ({ outcome: { outcome: 'selected' as const, optionId } });

it.each([
  [options, 'id of allow_once'],
  [[option('reject_once'), option('allow_always')], 'id of allow_always'],
  [[option('reject_once'), option('other')], undefined],
])('says yes once rather than always, and only where that is offered', (offered, expected) => {
  expect(allowingOption({ options: offered })).toBe(expected);
});

it.each(['reject_once', 'reject_always'])('is declined by %s', (kind) => {
  expect(wasDeclined({ options }, answer(`id of ${kind}`))).toBe(true);
});

it('is declined by an answer that chooses nothing, and not by a yes or by an option that is not known', () => {
  expect(wasDeclined({ options }, { outcome: { outcome: 'cancelled' } })).toBe(true);
  expect(wasDeclined({ options }, answer('id of allow_once'))).toBe(false);
  expect(wasDeclined({ options }, answer('none'))).toBe(false);
});
