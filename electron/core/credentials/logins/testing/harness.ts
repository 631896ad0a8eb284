import { randomUUID } from 'node:crypto';
import type { LoginPhase, LoginView } from '../../../../../shared/model/login.ts';
import { directFetch } from '../../../network/testing/direct-fetch.ts';
import type { Provider } from '../../../providers/provider.ts';
import type { Login } from '../../../providers/schema.ts';
import { createManualClock } from '../../../runner-host/testing/manual-clock.ts';
import type { CredentialService, RenewableParams } from '../../credential-service.ts';
import { createLoginService } from '../login-service.ts';

/** The service with one provider, whose credentials are only noted. */
export function createHarness(
  login: Login | undefined,
  { loginClientId, health = 'available' }: { loginClientId?: string; health?: 'available' | 'locked' } = {},
) {
  const clock = createManualClock();
  const stored: RenewableParams[] = [];
  const masked = new Set<string>();
  const everMasked = new Set<string>();
  const seen: LoginView[][] = [];
  const waiting = new Set<() => void>();
  const service = createLoginService({
    registry: { get: () => ({ providerId: 'test', name: 'Test', login, loginClientId }) as unknown as Provider },
    credentials: {
      checkHealth: async () => (health === 'locked' ? { state: 'locked' } : { state: 'available', store: 'memory' }),
      setRenewable: async (params) => {
        stored.push(params);
        const credential = { credentialId: randomUUID() };
        return { credential, replaced: false, trimmed: false } as Awaited<
          ReturnType<CredentialService['setRenewable']>
        >;
      },
    },
    clock,
    fetch: directFetch,
    random: { uuid: randomUUID, fraction: () => 0.5 },
    mask(value) {
      masked.add(value);
      everMasked.add(value);
      return () => void masked.delete(value);
    },
    page: () => ({ locale: 'en', title: 'Back', body: 'Close it.' }),
  });
  service.onChange(() => {
    seen.push(service.list());
    for (const look of [...waiting]) look();
  });
  const start = async () => {
    const { login: view } = await service.start({ providerId: 'test', scope: { kind: 'global' }, storage: 'keychain' });
    return view;
  };
  /** The phase as soon as it is this one. */
  const phase = async <S extends LoginPhase['state']>(state: S): Promise<Extract<LoginPhase, { state: S }>> => {
    const { promise, resolve } = Promise.withResolvers<Extract<LoginPhase, { state: S }>>();
    const look = () => {
      const found = service.list()[0]?.phase;
      if (found?.state === state) resolve(found as Extract<LoginPhase, { state: S }>);
    };
    waiting.add(look);
    look();
    return await promise;
  };
  return { service, clock, stored, masked, everMasked, seen, start, phase };
}
