import { expect, test } from 'vitest';
import { createUnreachedHosts } from './unreached-hosts.ts';

test('the host that is tried in vain most often is the one that is needed', () => {
  const hosts = createUnreachedHosts();
  expect(hosts.unreached()).toBeUndefined();
  hosts.dialled('telemetry:443', false);
  hosts.dialled('provider:443', false);
  hosts.dialled('provider:443', false);
  expect(hosts.unreached()).toBe('provider:443');
  hosts.dialled('provider:443', true);
  expect(hosts.unreached()).toBe('telemetry:443');
  hosts.forget();
  expect(hosts.unreached()).toBeUndefined();
});
