import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { SupervisorEvent } from '../../../../shared/model/connection-state.ts';
import type { DoctorReport } from '../../../../shared/model/doctor.ts';
import type { Opener } from '../../ports.ts';
import type { SettingsService } from '../../settings/settings.ts';
import type { HandlersOf } from './namespace.ts';

/** What belongs to the application as a whole: runner, settings, dialogs, doctor. */
export function hostHandlers(needs: {
  supervisor: { restart(): void; timeline(): SupervisorEvent[] };
  settings: Pick<SettingsService, 'update'>;
  /** @throws PerchError AGENT_UNKNOWN */
  requireAgent: (agentId: string) => unknown;
  opener: Opener;
  runDoctor: () => Promise<DoctorReport>;
}): HandlersOf<'runner' | 'settings' | 'projects' | 'doctor' | 'host'> {
  const { supervisor, settings, opener } = needs;
  return {
    'runner.restart': async () => {
      supervisor.restart();
      return {};
    },
    'runner.timeline': async () => ({ events: supervisor.timeline() }),
    'settings.update': async ({ patch }) => {
      if (patch.selectedAgentId !== undefined) needs.requireAgent(patch.selectedAgentId);
      return { settings: settings.update(patch) };
    },
    'projects.choose': async () => ({ projectDir: await opener.chooseFolder() }),
    'doctor.run': async () => ({ report: await needs.runDoctor() }),
    'host.windowUrl': async () => {
      const url = opener.windowUrl?.();
      if (url === undefined) throw new PerchError('NOT_FOUND');
      return { url, pid: process.pid };
    },
  };
}
