import { assertNever } from '../../../../shared/assert-never.ts';
import { defined } from '../../../../shared/defined.ts';
import type { AgentView } from '../../../../shared/model/agent.ts';
import type { DoctorCheck } from '../../../../shared/model/doctor.ts';
import type { KeychainHealth } from '../../../../shared/model/keychain.ts';
import type { SandboxAvailability } from '../../../../shared/model/sandbox-policy.ts';
import type { Clock } from '../../../node/clock.ts';
import type { RunnerSupervisor } from '../../runner-host/supervisor.ts';
import type { Database } from '../../storage/database/database.ts';
import type { Recoveries } from '../../storage/database/recovery/recoveries.ts';
import { type Check, type Finding, finding, message } from './check.ts';

/** The part of a running core that the doctor examines. */
export interface DoctorServices {
  readonly database: Pick<Database, 'sql'>;
  readonly recoveries: Pick<Recoveries, 'kept'>;
  readonly supervisor: Pick<RunnerSupervisor, 'status' | 'onStatus' | 'request'>;
  readonly credentials: { checkHealth(): Promise<KeychainHealth> };
  readonly agents: { refresh(): Promise<void>; views(): readonly AgentView[] };
  readonly clock: Clock;
}

/** Milliseconds that a runner which is just starting gets before it is judged. */
const RUNNER_PATIENCE_MS = 15_000;

export function coreChecks(services: DoctorServices, platform: string): Check[] {
  const settled = runnerSettled(services);
  return [
    { id: 'database', run: () => judgeDatabase(services) },
    { id: 'runner', run: async () => judgeRunner(await settled) },
    {
      id: 'sandbox',
      async run() {
        if ((await settled).kind !== 'connected') return finding('could-not-check', message('sandbox-without-runner'));
        return judgeSandbox(await services.supervisor.request('sandbox.check', {}), platform);
      },
    },
    {
      id: 'agents',
      async run() {
        await services.agents.refresh();
        return services.agents.views().map(judgeAgent);
      },
    },
  ];
}

function judgeDatabase({ database: { sql }, recoveries }: DoctorServices): Finding {
  if (sql.pragma('quick_check(1)', { simple: true }) !== 'ok') {
    return finding('problem', message('database-damaged'), message('database-damaged-advice'));
  }
  const recovery = recoveries.kept();
  if (recovery === undefined) return finding('ok', message('database'));
  const { movedTo: file, areas } = recovery;
  const lost = areas.some(({ state }) => state !== 'whole');
  const values = { file, date: new Date(recovery.at).toISOString().slice(0, 10) };
  const summary = message(lost ? 'database-recovered-partly' : 'database-recovered', values);
  return finding('warning', summary, message('database-recovered-advice', { file }));
}

/** The status once the runner is past its start, or as it stands when patience ends. */
function runnerSettled({ supervisor, clock }: DoctorServices): Promise<RunnerSupervisor['status']> {
  if (supervisor.status.kind !== 'starting') return Promise.resolve(supervisor.status);
  return new Promise((resolve) => {
    const settle = () => {
      forgetTimer();
      off();
      resolve(supervisor.status);
    };
    const forgetTimer = clock.after(RUNNER_PATIENCE_MS, settle);
    const off = supervisor.onStatus(({ kind }) => {
      if (kind !== 'starting') settle();
    });
  });
}

function judgeRunner(status: RunnerSupervisor['status']): Finding {
  switch (status.kind) {
    case 'connected':
      return finding('ok', message('runner', { pid: status.pid }));
    case 'starting':
      return finding('could-not-check', message('runner-starting'), message('runner-advice'));
    case 'reconnecting':
    case 'failed':
      return finding(
        'problem',
        message('runner-failed', { code: status.failure.error.code }),
        message('runner-advice'),
      );
    case 'stopped':
      return finding('problem', message('runner-stopped'), message('runner-advice'));
    default:
      return assertNever(status);
  }
}

/** Pure. */
export function judgeSandbox(sandbox: SandboxAvailability, platform: string): Finding {
  switch (sandbox.state) {
    case 'available':
      return finding('ok', message('sandbox', { backend: sandbox.backend, version: sandbox.version }));
    case 'checking':
      return finding('could-not-check', message('sandbox-checking'));
    case 'unavailable': {
      const advice = platform === 'linux' ? 'sandbox-advice-linux' : 'sandbox-advice-other';
      return finding('problem', message('no-sandbox', { reason: sandbox.reason }), message(advice));
    }
    default:
      return assertNever(sandbox);
  }
}

/** Pure. A missing agent is a warning: no user needs them all. */
export function judgeAgent({ agentId, name: agent, installation }: AgentView): DoctorCheck {
  const id = `agent:${agentId}`;
  switch (installation.state) {
    case 'found': {
      const { version, path } = installation;
      if (installation.source === 'built-in') return { id, ...finding('ok', message('agent-built-in', { agent })) };
      const summary = version === undefined ? 'agent-no-version' : 'agent';
      return { id, ...finding('ok', message(summary, { agent, path, ...defined({ version }) })) };
    }
    case 'missing': {
      const { installCommand, program = '–' } = installation;
      const advice =
        installCommand === undefined
          ? message('agent-program-advice', { program })
          : message('agent-advice', { installCommand });
      return { id, ...finding('warning', message('agent-missing', { agent }), advice) };
    }
    case 'could-not-check':
      return { id, ...finding('could-not-check', message('agent-unchecked', { agent, reason: installation.reason })) };
    case 'checking':
      return { id, ...finding('could-not-check', message('agent-checking', { agent })) };
    default:
      return assertNever(installation);
  }
}
