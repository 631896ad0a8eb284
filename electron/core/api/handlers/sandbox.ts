import { basename } from 'node:path';
import { defined } from '../../../../shared/defined.ts';
import type { AgentService } from '../../agents/agent-service.ts';
import type { RunnerSupervisor } from '../../runner-host/supervisor.ts';
import { whenConnected } from '../../turns/connected.ts';
import type { HandlersOf } from './namespace.ts';

const NEVER = new Promise<void>(() => {});

export function sandboxHandlers(needs: {
  agents: Pick<AgentService, 'policy' | 'prepareLaunch'>;
  supervisor: Pick<RunnerSupervisor, 'request' | 'status' | 'onStatus'>;
  scratchDir: string;
}): HandlersOf<'sandbox'> {
  const { agents, supervisor, scratchDir } = needs;
  return {
    'sandbox.show': async ({ agentId, projectDir = scratchDir }) => ({
      policy: await agents.policy({ agentId, projectDir }),
    }),
    async 'sandbox.run'({ agentId, projectDir = scratchDir, command, stdio }) {
      const [program = '', ...args] = command;
      const { environment, policy, upstreamProxy } = await agents.prepareLaunch({ agentId, projectDir });
      // A name is looked up inside, on the session's own PATH.
      const found = program.includes('/') ? { program, args } : { program: '/usr/bin/env', args: [program, ...args] };
      // A core that was just started for this command has no runner yet.
      await whenConnected(supervisor, NEVER);
      return supervisor.request('sandbox.run', {
        name: basename(program),
        command: found.program,
        args: found.args,
        environment,
        policy,
        stdio,
        ...defined({ upstreamProxy }),
      });
    },
  };
}
