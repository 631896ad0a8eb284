import type { DeclarationService } from '../../projects/declared/declaration-service.ts';
import type { HandlersOf } from './namespace.ts';

export function declarationHandlers({
  declarations,
}: {
  declarations: Pick<DeclarationService, 'view' | 'trust' | 'distrust' | 'confirmEndpoint'>;
}): HandlersOf<'declarations'> {
  const viewed = (projectDir: string) => {
    const declaration = declarations.view(projectDir);
    return declaration === undefined ? {} : { declaration };
  };
  return {
    'declarations.get': async ({ projectDir }) => viewed(projectDir),
    'declarations.trust': async (params) => ({ declaration: declarations.trust(params) }),
    'declarations.distrust': async ({ projectDir }) => {
      declarations.distrust(projectDir);
      return viewed(projectDir);
    },
    'declarations.confirmEndpoint': async (params) => ({ declaration: declarations.confirmEndpoint(params) }),
  };
}
