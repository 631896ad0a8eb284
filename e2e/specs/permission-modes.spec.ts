import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PermissionMode } from '../../shared/model/permission-mode.ts';
import { startFakeProvider } from '../fake-providers/server.ts';
import { connectCore } from '../fixtures/core-client.ts';
import { agentsOnPath } from '../fixtures/installation.ts';
import { isLong, LONG_ONLY } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';

const KEY = `sk-proj-${randomUUID()}-good`;
const MARK = `instruction-${randomUUID()}`;

const AGENTS = [
  { agentId: 'opencode', command: 'opencode', providerId: 'openai', path: '/v1', shell: 'bash' },
  { agentId: 'codex', command: 'codex', providerId: 'openai', path: '/v1', shell: 'exec_command' },
  { agentId: 'claude-code', command: 'claude', providerId: 'anthropic', path: '', shell: 'Bash' },
  { agentId: 'gemini', command: 'gemini', providerId: 'google', path: '', shell: 'run_shell_command' },
];

/** Inside the working directory Codex asks nobody: what it asks for is to leave its own sandbox. */
function codexInput(cmd: string, mode: PermissionMode): object {
  return mode === 'execute' ? { cmd } : { cmd, sandbox_permissions: 'require_escalated', justification: 'test' };
}

for (const { agentId, command, providerId, path, shell } of AGENTS) {
  test.describe(() => {
    test.skip(!existsSync(join(agentsOnPath, command)), `${command} is not installed below e2e/agents`);
    test.skip(!isLong && agentId !== 'claude-code', LONG_ONLY);
    test(`${agentId} is in the mode of its turn, and is told the instructions`, async ({ installation, served }) => {
      test.setTimeout(240_000);
      expect(served.pid).toBeGreaterThan(0);
      const provider = await startFakeProvider({ goodKeys: [KEY], knownWord: 'WORD' });
      const core = await connectCore(installation.dataDir);
      await core.client.call('providers.setBaseUrl', { providerId, baseUrl: `${provider.url}${path}` });
      const scope = { kind: 'global' } as const;
      await core.client.call('credentials.set', { providerId, scope, value: KEY, storage: 'keychain' });
      await core.client.call('agents.configure', { agentId, settings: { instructions: `Remember ${MARK}.` } });
      const { projectDir } = installation;

      let sessionId: string | undefined;
      const write = async (permissionMode: PermissionMode) => {
        const file = `made-${permissionMode}.txt`;
        const script = `echo seen > ${file}`;
        const input =
          agentId === 'codex' ? codexInput(script, permissionMode) : { command: script, description: 'test' };
        const turn = await core.turn({
          ...{ agentId, projectDir, permissionMode, permission: 'reject_once' },
          prompt: `CALL_TOOL ${shell} ${JSON.stringify(input)}`,
          ...(sessionId === undefined ? {} : { sessionId }),
        });
        sessionId = turn.sessionId;
        const asked = turn.events.filter(({ event }) => event.type === 'permission.requested').length;
        const told = turn.events.filter(({ event }) => event.type === 'notice' && event.key === 'notice.tool-refused');
        return { asked, refused: told.length, made: existsSync(join(projectDir, file)), turn };
      };
      const plan = await write('plan');
      expect(plan.made).toBe(false);
      // Asked about, or refused by the agent itself, and said so. Gemini does not even offer the tool in this mode.
      if (agentId !== 'gemini') expect(plan.asked + plan.refused).toBeGreaterThan(0);
      expect(provider.requests.some(({ body }) => body.includes(MARK))).toBe(true);
      const execute = await write('execute');
      expect(execute).toMatchObject({ asked: 0, made: true, turn: { outcome: { outcome: 'completed' } } });
      expect(await write('ask')).toMatchObject({ asked: 1, made: false });
      core.close();
      await provider.close();
    });
  });
}
