import { expect, test, vi } from 'vitest';
import type { Params } from '../../../shared/contract/methods.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { type AgentView, DEFAULT_AGENT_SETTINGS } from '../../../shared/model/agent.ts';
import { commandLine } from '../testing/command-line.ts';

const UNDERIVABLE = new PerchError(
  'PROVIDER_UNDERIVABLE',
  { agent: 'OpenCode', agentId: 'opencode', choices: 'anthropic, openai' },
  { details: { agentId: 'opencode', choices: ['anthropic', 'openai'] } },
);
const OPENCODE: AgentView = {
  agentId: 'opencode',
  name: 'OpenCode',
  description: '',
  demo: false,
  installation: { state: 'checking' },
  readiness: { state: 'ready' },
  settings: DEFAULT_AGENT_SETTINGS,
  providerIds: ['anthropic', 'openai'],
  modes: ['byo'],
  permissionModes: ['ask'],
  takesInstructions: false,
  effective: { mode: 'byo', model: '' },
  network: 'proxy',
};
const MISSING = new PerchError('MISSING_BYOK_CREDENTIAL', { agent: 'Codex', agentId: 'codex', providerId: 'openai' });
/** Stands for what comes after the choice: the submission that is tried again is told from the first. */
const AFTERWARDS = new PerchError('PROMPT_EMPTY');

function refusing(options: { terminal: boolean; typed?: string[] }) {
  const configured: Params<'agents.configure'>[] = [];
  const submitted: string[] = [];
  const cli = commandLine({
    ...(options.terminal ? {} : { input: '' }),
    ...options,
    handlers: {
      'turns.submit': async ({ turnId }) => {
        submitted.push(turnId);
        throw configured.length === 0 ? UNDERIVABLE : AFTERWARDS;
      },
      'agents.configure': async (params) => {
        configured.push(params);
        return { agent: OPENCODE };
      },
    },
  });
  return { cli, configured, submitted };
}

test.each([['2'], ['openai']])('in a terminal the choice stands there, and %s goes on with it', async (typed) => {
  const { cli, configured, submitted } = refusing({ terminal: true, typed: ['7', typed] });
  await cli.run('run', '--agent', 'opencode', 'hi');
  expect(configured).toEqual([{ agentId: 'opencode', settings: { auth: { mode: 'byo', providerId: 'openai' } } }]);
  expect(submitted).toHaveLength(2);
  const err = await cli.err();
  expect(err).toContain('1  anthropic');
  expect(err).toContain('2  openai');
  expect(err).toContain('PROMPT_EMPTY');
});

test('Ctrl+C leaves the question with the refusal, and nothing is set', async () => {
  const { cli, configured } = refusing({ terminal: true, typed: [] });
  const run = cli.run('run', '--agent', 'opencode', 'hi');
  await vi.waitFor(() => expect(cli.state.questions).toHaveLength(1));
  cli.interrupts.interrupt();
  expect(await run).toBe(3);
  expect(configured).toEqual([]);
  expect(await cli.err()).toContain('PROVIDER_UNDERIVABLE');
});

test('off a terminal the commands are named, each whole', async () => {
  const { cli, configured } = refusing({ terminal: false });
  expect(await cli.run('run', '--agent', 'opencode', 'hi')).toBe(3);
  expect(configured).toEqual([]);
  const err = await cli.err();
  expect(err).toContain('perch agents settings set opencode provider=anthropic\n');
  expect(err).toContain('perch agents settings set opencode provider=openai\n');
});

test('any other refusal is no question', async () => {
  const cli = commandLine({
    terminal: true,
    handlers: {
      'turns.submit': async () => {
        throw new PerchError('SESSION_BUSY');
      },
    },
  });
  expect(await cli.run('run', '--agent', 'opencode', 'hi')).toBe(3);
  expect(cli.state.questions).toEqual([]);
});

/** A core that refuses a turn that may not wait, and then plays that it waited. */
function missing(error: PerchError, options: { terminal: boolean }) {
  const submitted: Params<'turns.submit'>[] = [];
  const cli = commandLine({
    ...(options.terminal ? {} : { input: '' }),
    terminal: options.terminal,
    handlers: {
      'turns.submit': async (params) => {
        submitted.push(params);
        if (params.waitForCredential !== true) throw error;
        // Told from a refusal: the waiting itself is the core's.
        throw AFTERWARDS;
      },
    },
  });
  return { cli, submitted };
}

test('a first turn without its credential waits at a terminal, under the same id', async () => {
  const { cli, submitted } = missing(MISSING, { terminal: true });
  await cli.run('run', '--agent', 'opencode', 'hi');
  expect(submitted.map(({ waitForCredential }) => waitForCredential)).toEqual([undefined, true]);
  expect(new Set(submitted.map(({ turnId }) => turnId)).size).toBe(1);
});

test('off a terminal it is refused with the ways out, and waits only with --wait', async () => {
  const refused = missing(MISSING, { terminal: false });
  expect(await refused.cli.run('run', '--agent', 'opencode', 'hi')).toBe(3);
  expect(refused.submitted).toHaveLength(1);
  expect(await refused.cli.err()).toContain('perch credentials set openai');
  const waiting = missing(MISSING, { terminal: false });
  await waiting.cli.run('run', '--agent', 'opencode', '--wait', 'hi');
  expect(waiting.submitted).toHaveLength(2);
});

test('with --wait every other refusal stays one, and a choice off a terminal is waited for', async () => {
  const other = missing(new PerchError('SANDBOX_UNAVAILABLE'), { terminal: false });
  expect(await other.cli.run('run', '--agent', 'opencode', '--wait', 'hi')).toBe(3);
  expect(other.submitted).toHaveLength(1);
  const choice = missing(UNDERIVABLE, { terminal: false });
  await choice.cli.run('run', '--agent', 'opencode', '--wait', 'hi');
  expect(choice.submitted).toHaveLength(2);
});
