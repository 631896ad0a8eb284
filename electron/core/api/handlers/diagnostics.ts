import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { DiagnosticService } from '../../upkeep/diagnostics/diagnostics-service.ts';
import type { HandlersOf } from './namespace.ts';

export function diagnosticsHandlers({ diagnostics }: { diagnostics: DiagnosticService }): HandlersOf<'diagnostics'> {
  return {
    'diagnostics.plan': async () => ({ plan: await diagnostics.plan() }),
    'diagnostics.write': async (params, caller) => {
      // A page has no say in where files go.
      if (params.file !== undefined && caller.kind !== 'command-line') {
        throw new PerchError('INVALID_PARAMS', { where: 'file' });
      }
      return await diagnostics.write(params);
    },
    'diagnostics.reveal': async () => ({ revealed: await diagnostics.reveal() }),
  };
}
