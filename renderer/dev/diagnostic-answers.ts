import type { Params, Result } from '../../shared/contract/methods.ts';
import { DIAGNOSTIC_PARTS } from '../../shared/model/diagnostics.ts';

/** The core's answers about the file for a report. */
export function diagnosticAnswers() {
  return {
    'diagnostics.plan': (): Result<'diagnostics.plan'> => ({
      plan: {
        parts: DIAGNOSTIC_PARTS.map((part, index) => ({
          part,
          files: part === 'transcripts' ? [] : [{ name: `${part}.json`, bytes: 900 * 3 ** index }],
          usual: part !== 'sessions' && part !== 'transcripts',
        })),
        secretsKnown: false,
      },
    }),
    'diagnostics.write': (_: Params<'diagnostics.write'>): Result<'diagnostics.write'> => ({
      file: '/home/ada/Downloads/perch-diagnostics-2026-02-03T11-22-33.zip',
      bytes: 48_213,
      secretsKnown: false,
    }),
    'diagnostics.reveal': (): Result<'diagnostics.reveal'> => ({ revealed: true }),
  };
}
