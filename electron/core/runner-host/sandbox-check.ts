import { toWireError } from '../../../shared/errors/perch-error.ts';
import type { SandboxAvailability } from '../../../shared/model/sandbox-policy.ts';
import type { RunnerSupervisor } from './supervisor.ts';

/** Asks every runner that connects what this machine can enforce, and keeps the last answer. */
export function createSandboxCheck(options: {
  supervisor: Pick<RunnerSupervisor, 'onStatus' | 'request'>;
  /** Where backends keep what outlives a runner. */
  records: string;
  onChange: () => void;
}): { availability(): SandboxAvailability } {
  const { supervisor, records, onChange } = options;
  let availability: SandboxAvailability = { state: 'checking' };

  async function check(): Promise<void> {
    try {
      availability = await supervisor.request('sandbox.check', { records });
    } catch (error) {
      const { code } = toWireError(error);
      // The runner went away before it could say; the next one is asked again.
      if (code === 'RUNNER_CRASHED' || code === 'RUNNER_NOT_CONNECTED') return;
      availability = { state: 'unavailable', reason: code };
    }
    onChange();
  }

  supervisor.onStatus(({ kind }) => {
    if (kind === 'connected') void check();
  });
  return { availability: () => availability };
}
