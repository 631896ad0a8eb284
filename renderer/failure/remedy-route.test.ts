import { expect, test } from 'vitest';
import { ERROR_CODES } from '../../shared/errors/codes.ts';
import { REMEDIES, type Remedy } from '../../shared/errors/remedies.ts';
import { formatRoute, parseRoute } from '../context/route.ts';
import { remedyRoute } from './remedy-route.ts';

/** Beside these there is the sentence, or a button of the card. */
const NO_PLACE: readonly Remedy[] = [
  'correct',
  'again',
  'look-again',
  'restart-perch',
  'trust',
  'runner',
  'new-conversation',
  'session-log',
];

test.each(ERROR_CODES)('%s: a place that exists, or none', (code) => {
  const route = remedyRoute({ code, values: {} });
  expect(route === undefined).toBe(NO_PLACE.includes(REMEDIES[code]));
  if (route !== undefined) expect(parseRoute(formatRoute(route))).toEqual(route);
});

test('it leads to whom the error names, else to whom the card is about', () => {
  const refused = { code: 'BYOK_CREDENTIAL_INVALID', values: { providerId: 'openai' } } as const;
  const route = { view: 'settings', page: 'credentials' };
  expect(remedyRoute(refused, { providerId: 'anthropic' })).toEqual({ ...route, providerId: 'openai' });
  expect(remedyRoute({ ...refused, values: {} }, { providerId: 'anthropic' })).toEqual({
    ...route,
    providerId: 'anthropic',
  });
});
