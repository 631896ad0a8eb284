import { expect, test } from 'vitest';
import { createReach } from './reach.ts';

test('the host that is tried in vain most often is the one that is needed', () => {
  const reach = createReach();
  expect(reach.unreached()).toBeUndefined();
  reach.dialled('telemetry:443', false);
  reach.dialled('provider:443', false);
  reach.dialled('provider:443', false);
  expect(reach.unreached()).toBe('provider:443');
  reach.dialled('provider:443', true);
  expect(reach.unreached()).toBe('telemetry:443');
  reach.forget();
  expect(reach.unreached()).toBeUndefined();
});
