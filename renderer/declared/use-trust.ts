import type { DeclarationView } from '../../shared/model/declaration.ts';
import { useServices } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';

/** The user's answers to a folder's file. Trust is given to the content that is shown. */
export function useTrust({ projectDir, stamp }: DeclarationView) {
  const { transport } = useServices();
  return {
    trust: useAction(() => transport.call('declarations.trust', { projectDir, stamp })),
    distrust: useAction(() => transport.call('declarations.distrust', { projectDir })),
    confirm: useAction((providerId: string, origin: string) =>
      transport.call('declarations.confirmEndpoint', { projectDir, providerId, origin }),
    ),
  };
}
