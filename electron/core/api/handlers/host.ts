import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { DoctorReport } from '../../../../shared/model/doctor.ts';
import type { AgentService } from '../../agents/agent-service.ts';
import type { CredentialService } from '../../credentials/credential-service.ts';
import type { Opener } from '../../ports.ts';
import type { TypedFolder } from '../../projects/typed-folder.ts';
import type { RunnerSupervisor } from '../../runner-host/supervisor.ts';
import type { SettingsService } from '../../settings/settings.ts';
import type { TurnService } from '../../turns/turn-service.ts';
import { listProjects } from '../../upkeep/forget/projects.ts';
import type { Leaving } from '../../upkeep/leaving/leaving.ts';
import type { HandlersOf } from './namespace.ts';

/** Methods of the application as a whole: runner, settings, dialogs, doctor. */
export function hostHandlers(needs: {
  supervisor: Pick<RunnerSupervisor, 'restart' | 'timeline' | 'budget'>;
  settings: Pick<SettingsService, 'get' | 'update'>;
  agents: Pick<AgentService, 'view'>;
  turns: Pick<TurnService, 'recentProjects' | 'sessionsIn'>;
  credentials: Pick<CredentialService, 'list'>;
  opener: Opener;
  leaving: Pick<Leaving, 'stay'>;
  lookAtTyped: (asked: { typed: string; sandboxed: boolean }) => Promise<TypedFolder>;
  runDoctor: () => Promise<DoctorReport>;
}): HandlersOf<'runner' | 'settings' | 'projects' | 'doctor' | 'host'> {
  const { supervisor, settings, opener } = needs;
  return {
    'runner.restart': async () => {
      supervisor.restart();
      return {};
    },
    'runner.timeline': async () => ({ events: supervisor.timeline(), budget: supervisor.budget() }),
    'settings.update': async ({ patch }) => {
      const projectDir = patch.projectDir ?? settings.get().projectDir;
      if (patch.selectedAgentId !== undefined) needs.agents.view(patch.selectedAgentId, projectDir);
      return { settings: settings.update(patch) };
    },
    'projects.list': async () => ({ projects: listProjects(needs) }),
    'projects.look': (asked) => needs.lookAtTyped(asked),
    'projects.choose': async () => ({ projectDir: await opener.chooseFolder() }),
    'doctor.run': async () => ({ report: await needs.runDoctor() }),
    'host.ping': async () => ({}),
    'host.stay': async () => {
      needs.leaving.stay();
      return {};
    },
    'host.windowUrl': async () => {
      const url = opener.windowUrl?.();
      if (url === undefined) throw new PerchError('NOT_FOUND');
      return { url, pid: process.pid };
    },
  };
}
