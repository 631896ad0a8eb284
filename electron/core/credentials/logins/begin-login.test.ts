import { expect, test } from 'vitest';
import { directFetch } from '../../network/testing/direct-fetch.ts';
import type { Provider } from '../../providers/provider.ts';
import type { Login } from '../../providers/schema.ts';
import { createManualClock } from '../../runner-host/testing/manual-clock.ts';
import { beginLogin } from './begin-login.ts';

const PARAMS = { providerId: 'test', scope: { kind: 'global' }, storage: 'keychain' } as const;
const BROWSER = { flow: 'browser', form: 'oauth', registerPage: 'https://example.com/apps' } as unknown as Login;

function begin(login: Login | undefined, { isLocked = false, signal = new AbortController().signal } = {}) {
  const requested: string[] = [];
  const fetch: typeof directFetch = (url, init) => {
    requested.push(String(url));
    return directFetch(url, init);
  };
  const begun = beginLogin(
    PARAMS,
    { signal, mask: () => {} },
    {
      registry: { get: () => ({ providerId: 'test', name: 'Test', login }) as unknown as Provider },
      credentials: {
        checkHealth: async () => (isLocked ? { state: 'locked' } : { state: 'available', store: 'memory' }),
      },
      clock: createManualClock(),
      random: { uuid: () => '00000000-0000-4000-8000-000000000001', fraction: () => 0.5 },
      fetch,
      page: () => ({ locale: 'en', title: 'Back', body: 'Close it.' }),
    },
  );
  return { begun, requested };
}

test('a provider without a sign-in, and one without an application of the user, are refused by name', async () => {
  await expect(begin(undefined).begun).rejects.toMatchObject({
    code: 'SIGN_IN_NOT_OFFERED',
    values: { provider: 'Test' },
  });
  await expect(begin(BROWSER).begun).rejects.toMatchObject({
    code: 'SIGN_IN_CLIENT_ID_MISSING',
    values: { provider: 'Test', providerId: 'test', page: 'https://example.com/apps' },
  });
});

test('nothing is requested for a keychain that cannot keep the token, or after a cancellation', async () => {
  const DEVICE = {
    flow: 'device',
    clientId: 'perch',
    deviceUrl: 'http://127.0.0.1:1/device',
    tokenUrl: 'http://127.0.0.1:1/token',
    scopes: [],
  } as unknown as Login;
  const locked = begin(DEVICE, { isLocked: true });
  await expect(locked.begun).rejects.toMatchObject({ code: 'KEYCHAIN_LOCKED' });
  const cancelled = begin(DEVICE, { signal: AbortSignal.abort(new Error('cancelled')) });
  await expect(cancelled.begun).rejects.toThrow('cancelled');
  expect([...locked.requested, ...cancelled.requested]).toEqual([]);

  const works = begin(DEVICE);
  await expect(works.begun).rejects.toMatchObject({ code: 'SIGN_IN_UNREACHABLE' });
  expect(works.requested).not.toEqual([]);
});
