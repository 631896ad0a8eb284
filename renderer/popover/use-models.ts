import { useEffect, useRef, useState } from 'react';
import type { WireError } from '../../shared/errors/perch-error.ts';
import type { ModelInfo } from '../../shared/model/model-info.ts';
import { useServices } from '../app/services.tsx';
import { useAction } from '../ui/use-action.ts';

const NONE: readonly ModelInfo[] = [];

/** What is known of a provider's models, fetched when it is wanted for the first time. */
export function useModels(providerId: string | undefined): {
  readonly models: readonly ModelInfo[];
  readonly want: () => void;
  readonly error: WireError | null;
} {
  const { transport } = useServices();
  const [wanted, setWanted] = useState(false);
  const [fetched, setFetched] = useState<{ readonly of: string; readonly models: readonly ModelInfo[] }>();
  const current = useRef(providerId);
  const { run, error } = useAction(async (of: string) => {
    const { models } = await transport.call('providers.models', { providerId: of });
    if (current.current === of) setFetched({ of, models });
  });
  useEffect(() => {
    current.current = providerId;
    if (wanted && providerId !== undefined) void run(providerId);
  }, [wanted, providerId, run]);
  return {
    models: fetched !== undefined && fetched.of === providerId ? fetched.models : NONE,
    want: () => setWanted(true),
    error,
  };
}
