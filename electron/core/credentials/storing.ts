import type { Params, Result } from '../../../shared/contract/methods.ts';
import type { Clock } from '../../node/clock.ts';
import type { Mutex } from '../../node/mutex.ts';
import type { Random } from '../ports.ts';
import type { ProviderRegistry } from '../providers/registry.ts';
import { checkInput } from './input.ts';
import type { KnownCredentials } from './known-credentials.ts';
import { newCredential, type RenewalParams } from './new-credential.ts';

/** Checks a value and stores it in the place that the caller chose. After an error the former value is still in place. */
export function createStoring(options: {
  known: Pick<KnownCredentials, 'find' | 'placeOf' | 'view' | 'setStatus' | 'forgetStatus'>;
  registry: Pick<ProviderRegistry, 'get'>;
  clock: Pick<Clock, 'now'>;
  random: Pick<Random, 'uuid'>;
  exclusively: Mutex;
  onChange: () => void;
}) {
  const { known, registry, clock, random, exclusively, onChange } = options;
  return (params: Params<'credentials.set'>, renewal: RenewalParams | undefined): Promise<Result<'credentials.set'>> =>
    exclusively(async () => {
      const input = checkInput(params, registry.get(params.providerId));
      const place = known.placeOf(params);
      const credential = newCredential(input, {
        storage: params.storage,
        itemsFor: place.vault.itemsFor,
        renewal,
        now: clock.now(),
        newId: random.uuid,
      });
      const values = { ...input, ...(renewal === undefined ? {} : { refreshToken: renewal.refreshToken }) };
      const previous = await place.set(credential, values);
      if (previous !== undefined) known.forgetStatus(previous.credentialId);
      known.setStatus(credential.credentialId, 'ok');
      onChange();
      const saved = known.view(known.find(credential.credentialId) ?? credential);
      return { credential: saved, replaced: previous !== undefined, trimmed: input.trimmed };
    });
}
