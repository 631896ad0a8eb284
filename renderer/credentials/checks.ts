import { useCallback, useRef, useState } from 'react';
import { toWireError, type WireError } from '../../shared/errors/perch-error.ts';
import type { LivenessReport } from '../../shared/model/liveness.ts';
import { useServices } from '../context/services.tsx';

/** How asking about one credential stands. `failed`: it did not come to asking, as when it cannot be read. */
export type Check =
  | { readonly kind: 'asking' }
  | { readonly kind: 'told'; readonly report: LivenessReport }
  | { readonly kind: 'failed'; readonly error: WireError };

export interface Checks {
  of(credentialId: string): Check | undefined;
  /** Asks anew; the last question about a credential is the one whose answer counts. Never rejects. */
  run(credentialId: string): Promise<void>;
}

/** The checks of this page, gone with it: what a provider said an hour ago is no fact. */
export function useChecks(): Checks {
  const { transport } = useServices();
  const [checks, setChecks] = useState<Readonly<Record<string, Check>>>({});
  const asked = useRef(new Map<string, number>());
  const run = useCallback(
    async (credentialId: string) => {
      const turn = (asked.current.get(credentialId) ?? 0) + 1;
      asked.current.set(credentialId, turn);
      const put = (check: Check) => {
        if (asked.current.get(credentialId) === turn) setChecks((all) => ({ ...all, [credentialId]: check }));
      };
      put({ kind: 'asking' });
      try {
        put({ kind: 'told', report: await transport.call('credentials.check', { credentialId, fresh: true }) });
      } catch (failure) {
        put({ kind: 'failed', error: toWireError(failure) });
      }
    },
    [transport],
  );
  return { of: (credentialId) => checks[credentialId], run };
}
