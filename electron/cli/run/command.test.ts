import { describe, expect, test } from 'vitest';
import type { TerminalScreen } from '../../../shared/contract/methods/terminals.ts';
import { MAX_PROMPT_BYTES, type Params } from '../../../shared/contract/methods.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { type AgentView, DEFAULT_AGENT_SETTINGS } from '../../../shared/model/agent.ts';
import type { PermissionOutcome, RunEvent, TurnOutcome, TurnSummary } from '../../../shared/model/run-event.ts';
import { type CommandLineOptions, commandLine, TURN_ID } from '../testing/command-line.ts';

const SUMMARY: TurnSummary = {
  turnId: TURN_ID,
  sessionId: '7b0f6f0e-4f0e-4c46-9d6a-0d8a4ff5a009',
  agentId: 'demo',
  model: '',
  projectDir: '/projects/here',
  promptPreview: '',
  status: 'running',
  acceptedAt: 1,
  lastSeq: 1,
};
const COMPLETED: RunEvent = { type: 'turn.ended', result: { outcome: 'completed', stopReason: 'end_turn' } };
const ACCEPTED: RunEvent = {
  type: 'turn.accepted',
  agentId: 'demo',
  model: '',
  projectDir: '/projects/here',
  prompt: 'hi',
};
const STARTED: Extract<RunEvent, { type: 'session.started' }> = {
  type: 'session.started',
  sessionId: SUMMARY.sessionId,
  agentName: 'demo',
  pid: 7,
  sandbox: { state: 'off' },
};
const SCREEN: TerminalScreen = {
  sequence: 0,
  painted: '',
  size: { columns: 80, rows: 24 },
  links: [],
  progress: { state: 'running' },
};
const agentView = (own: Partial<AgentView>): AgentView => ({
  agentId: 'demo',
  name: 'Demo',
  description: '',
  demo: false,
  network: 'proxy',
  installation: { state: 'checking' },
  readiness: { state: 'ready' },
  settings: DEFAULT_AGENT_SETTINGS,
  providerIds: [],
  modes: ['byo'],
  permissionModes: ['ask'],
  takesInstructions: false,
  effective: { mode: 'byo', model: '' },
  ...own,
});
const QUESTION: RunEvent = {
  type: 'permission.requested',
  requestId: 'r1',
  toolCallId: 't1',
  title: 'Write notes.txt',
  details: { content: [{ kind: 'text', text: 'into the project' }], locations: [] },
  options: [
    { optionId: 'a', name: 'Always', kind: 'allow_always' },
    { optionId: 'o', name: 'Allow', kind: 'allow_once' },
    { optionId: 'n', name: 'Deny', kind: 'reject_once' },
  ],
};

/** A core that plays the given events as soon as the turn is submitted; a permission holds them until it is answered. */
function playing(events: readonly RunEvent[], options: CommandLineOptions & { onSubmit?: () => void } = {}) {
  const answers: PermissionOutcome[] = [];
  const submitted: Params<'turns.submit'>[] = [];
  const rest = [ACCEPTED, ...events];
  let seq = 0;
  const publish = (event: RunEvent) => {
    seq += 1;
    cli.app.hub.publishRun({ turnId: TURN_ID, seq, at: seq, event });
  };
  const play = () => {
    for (let event = rest.shift(); event !== undefined; event = rest.shift()) {
      publish(event);
      if (event.type === 'permission.requested') return;
    }
  };
  const cli = commandLine({
    ...(options.terminal === true ? {} : { input: '' }),
    ...options,
    handlers: {
      'turns.submit': async (params) => {
        submitted.push(params);
        options.onSubmit?.();
        play();
        return { turn: SUMMARY };
      },
      'turns.answerPermission': async ({ requestId, outcome }) => {
        answers.push(outcome);
        publish({ type: 'permission.answered', requestId, outcome });
        play();
        return {};
      },
      'turns.cancel': async () => {
        publish({ type: 'turn.ended', result: { outcome: 'cancelled' } });
        return { turn: SUMMARY };
      },
      ...options.handlers,
    },
  });
  return { ...cli, answers, submitted, publish };
}
const say = (text: string): RunEvent => ({ type: 'agent.message', text });
const ended = (result: TurnOutcome): RunEvent => ({ type: 'turn.ended', result });

describe('what is shown', () => {
  test('the answer on stdout, everything else on stderr', async () => {
    const cli = playing([
      {
        type: 'session.started',
        sessionId: SUMMARY.sessionId,
        agentName: 'Demo',
        pid: 1,
        sandbox: { state: 'enforced', backend: 'bubblewrap', network: 'shared' },
      },
      { type: 'agent.thought', text: 'hm' },
      say('Hello '),
      {
        type: 'tool.call',
        toolCallId: 't1',
        title: 'Read a file',
        toolKind: 'read',
        status: 'pending',
        content: [],
        locations: [],
      },
      { type: 'tool.update', toolCallId: 't1', status: 'in_progress' },
      { type: 'tool.update', toolCallId: 't1', status: 'completed' },
      say('world'),
      COMPLETED,
    ]);
    expect(await cli.run('run', '--agent', 'demo', 'hi')).toBe(0);
    expect(await cli.out()).toBe('Hello world\n');
    expect(await cli.err()).toBe(
      'Demo started, sandbox: bubblewrap, network open\nhm\n· Read a file …\n· Read a file done\n',
    );
    expect(cli.submitted).toEqual([{ turnId: TURN_ID, agentId: 'demo', projectDir: '/projects/here', prompt: 'hi' }]);
    expect(cli.state.left).toBe(1);
  });

  test('--json is one line for each stored event, from the first to the last', async () => {
    const cli = playing([say('Hi\nthere'), COMPLETED]);
    expect(await cli.run('run', '--agent', 'demo', '--model', 'a/b', '--json', 'hi')).toBe(0);
    const lines = (await cli.out())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ seq, event }) => [seq, event.type])).toEqual([
      [1, 'turn.accepted'],
      [2, 'agent.message'],
      [3, 'turn.ended'],
    ]);
    expect(cli.submitted[0]).toMatchObject({ model: 'a/b' });
    expect(await cli.err()).toBe('');
  });

  test("events of other turns are not this one's", async () => {
    const cli = playing([say('mine'), COMPLETED], {
      onSubmit: () => {
        const other = '7b0f6f0e-4f0e-4c46-9d6a-0d8a4ff5a0ff';
        cli.app.hub.publishRun({ turnId: other, seq: 1, at: 1, event: say('theirs') });
        cli.app.hub.publishRun({ turnId: other, seq: 2, at: 1, event: COMPLETED });
      },
    });
    expect(await cli.run('run', '--agent', 'demo', 'hi')).toBe(0);
    expect(await cli.out()).toBe('mine\n');
  });

  test('an agent cannot steer the terminal; in a pipe its answer stays as it is', async () => {
    const events = [say('a\u001b]52;c;x\u0007b'), COMPLETED];
    const terminal = playing(events, { terminal: true });
    await terminal.run('run', '--agent', 'demo', '--permissions', 'deny', 'hi');
    expect(await terminal.out()).toBe('a]52;c;xb\n');
    const pipe = playing(events);
    await pipe.run('run', '--agent', 'demo', 'hi');
    expect(await pipe.out()).toBe('a\u001b]52;c;x\u0007b\n');
  });
});

describe('exit codes', () => {
  const failure = {
    error: { code: 'AGENT_REPORTED_ERROR' as const, values: {} },
    reported: 'no credit',
    lastLines: [],
  };
  test.each<[TurnOutcome, number, RegExp]>([
    [{ outcome: 'completed', stopReason: 'max_tokens' }, 0, /The agent stopped early: max_tokens/],
    [{ outcome: 'failed', failure }, 1, /\(AGENT_REPORTED_ERROR\)\nno credit\nLog: perch logs 7b0f/],
    [{ outcome: 'cancelled' }, 1, /was cancelled/],
    [{ outcome: 'lost', failure: { error: { code: 'TURN_LOST', values: {} }, lastLines: [] } }, 1, /\(TURN_LOST\)/],
  ])('%j', async (result, code, sentence) => {
    const cli = playing([ended(result)]);
    expect(await cli.run('run', '--agent', 'demo', 'hi')).toBe(code);
    expect(await cli.err()).toMatch(sentence);
  });

  test('a refusal is 3 with its code, before anything is shown', async () => {
    const refuse = {
      'turns.submit': async () => {
        throw new PerchError('AGENT_UNKNOWN', { agentId: 'nobody', known: 'demo' });
      },
    };
    const cli = playing([], { handlers: refuse });
    expect(await cli.run('run', '--agent', 'nobody', 'hi')).toBe(3);
    expect(await cli.err()).toBe(
      'There is no agent called nobody. These exist: demo. (AGENT_UNKNOWN)\nWhat to do: perch agents\n',
    );
    const json = playing([], { handlers: refuse });
    expect(await json.run('run', '--agent', 'nobody', '--json', 'hi')).toBe(3);
    const lines = (await json.out()).trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      error: {
        code: 'AGENT_UNKNOWN',
        remedy: 'agents',
        command: 'perch agents',
        message: 'There is no agent called nobody. These exist: demo.',
        values: { agentId: 'nobody', known: 'demo' },
      },
    });
    expect(await json.err()).toBe('');
  });

  test('a core that is lost on the way is a failure, not a refusal', async () => {
    const cli = playing([say('half an answer')], { onSubmit: () => setImmediate(() => cli.disconnect()) });
    expect(await cli.run('run', '--agent', 'demo', 'hi')).toBe(1);
    expect(await cli.err()).toContain('(CORE_UNREACHABLE)');
  });
});

describe('the prompt', () => {
  test.each([[[]], [['-']]])('comes from the pipe when it is %j', async (rest) => {
    const cli = playing([COMPLETED], { input: 'from\nthe pipe\n' });
    expect(await cli.run('run', '--agent', 'demo', ...rest)).toBe(0);
    expect(cli.submitted[0]?.prompt).toBe('from\nthe pipe');
  });
  test('is missing on a terminal', async () => {
    const cli = commandLine({
      terminal: true,
      handlers: { 'agents.list': async () => ({ agents: [agentView({ agentId: 'demo' })] }) },
    });
    expect(await cli.run('run', '--agent', 'demo')).toBe(2);
    expect(await cli.err()).toContain('The prompt is missing');
  });
  test('is not missed by an agent that is typed into, whose terminal this one becomes', async () => {
    const calls: string[] = [];
    const cli = playing([{ ...STARTED, terminal: true }], {
      terminal: true,
      handlers: {
        'agents.list': async () => ({ agents: [agentView({ agentId: 'demo', terminal: true })] }),
        async 'turns.resizeTerminal'({ size }) {
          calls.push(`${size.columns}×${size.rows}`);
          return {};
        },
        async 'turns.readTerminal'({ after }) {
          if (after === 0) return { ...SCREEN, painted: 'the screen', sequence: 1 };
          cli.publish({ type: 'terminal.output', text: 'the text\n' });
          cli.publish(COMPLETED);
          return new Promise(() => {}); // nothing new: its end is told by the event
        },
      },
    });
    expect(await cli.run('run', '--agent', 'demo')).toBe(0);
    expect(cli.submitted[0]?.prompt).toBe('');
    const err = await cli.err();
    // In the other screen, and then back.
    expect(err.indexOf('\u001b[?1049h')).toBeLessThan(err.indexOf('the screen'));
    expect(err.indexOf('the screen')).toBeLessThan(err.indexOf('\u001b[?1049l'));
    expect(await cli.out()).toContain('the text\n');
    expect(calls).toEqual(['80×24']);
  });
  test('in a pipe the text of such an agent is the answer, and nothing is joined', async () => {
    const cli = playing([{ ...STARTED, terminal: true }, { type: 'terminal.output', text: 'the text\n' }, COMPLETED]);
    expect(await cli.run('run', '--agent', 'demo', 'hello')).toBe(0);
    expect(await cli.out()).toBe('the text\n');
  });
  test('may be 1 MiB, and is refused with 3 above that, without being sent', async () => {
    const fits = playing([COMPLETED], { input: 'a'.repeat(MAX_PROMPT_BYTES) });
    expect(await fits.run('run', '--agent', 'demo')).toBe(0);
    const over = playing([COMPLETED], { input: 'a'.repeat(10 * MAX_PROMPT_BYTES) });
    expect(await over.run('run', '--agent', 'demo')).toBe(3);
    expect(await over.err()).toContain('(PROMPT_TOO_LARGE)');
    expect(over.submitted).toEqual([]);
  });
  test('the project is the one named, from here', async () => {
    const cli = playing([COMPLETED]);
    await cli.run('run', '--agent', 'demo', '--project', '../there', 'hi');
    expect(cli.submitted[0]?.projectDir).toBe('/projects/there');
  });
});

describe('permissions', () => {
  const onTerminal = (typed: string[]) =>
    playing([QUESTION, COMPLETED], { terminal: true, typed, environment: { NO_COLOR: '1' } });
  test('are denied where nobody can be asked, and it is said', async () => {
    const cli = playing([QUESTION, COMPLETED]);
    expect(await cli.run('run', '--agent', 'demo', 'hi')).toBe(4);
    expect(cli.answers).toEqual([{ outcome: 'selected', optionId: 'n' }]);
    expect(await cli.err()).toMatch(
      /^\? Write notes.txt\n {2}The agent says\n {4}into the project\n! Answered: Deny\. .*\n! Permissions declined, because there is no terminal to ask on: 1\./,
    );
  });
  test('denied as the user chose, or allowed elsewhere, the turn has done what it could', async () => {
    const chosen = playing([QUESTION, COMPLETED]);
    expect(await chosen.run('run', '--agent', 'demo', '--permissions', 'deny', 'hi')).toBe(0);
    expect(await chosen.err()).not.toContain('Permissions declined');
  });
  test('allow allows once rather than always', async () => {
    const cli = playing([QUESTION, COMPLETED]);
    expect(await cli.run('run', '--agent', 'demo', '--permissions', 'allow', 'hi')).toBe(0);
    expect(cli.answers).toEqual([{ outcome: 'selected', optionId: 'o' }]);
    expect(await cli.err()).toContain('! Answered: Allow\n');
  });
  test('an agent that takes no no is left without an answer', async () => {
    const only = { ...QUESTION, options: [{ optionId: 'a', name: 'Go', kind: 'allow_once' as const }] };
    const cli = playing([only, COMPLETED]);
    await cli.run('run', '--agent', 'demo', 'hi');
    expect(cli.answers).toEqual([{ outcome: 'cancelled' }]);
    expect(await cli.err()).toContain('! Answered: no answer');
  });
  test('are asked on a terminal, until the answer is one of the list', async () => {
    const cli = onTerminal(['what?', '9', '2']);
    expect(await cli.run('run', '--agent', 'demo', 'hi')).toBe(0);
    expect(cli.answers).toEqual([{ outcome: 'selected', optionId: 'o' }]);
    expect(cli.state.questions).toEqual(Array(3).fill('Answer (1–3): '));
    expect(await cli.err()).toContain('  1  Always\n  2  Allow\n  3  Deny\n');
  });
  const asking = (details: object, more: object = {}): RunEvent => ({
    ...QUESTION,
    ...more,
    details: { content: [], locations: [], ...details },
  });
  test('show the whole request, with what a terminal would obey as its code', async () => {
    const input = { command: 'ls \u202e\u001b[2J\nrm -rf ~', env: { A: '1' } };
    const name = `Always, for commands that begin with ${'x'.repeat(300)}`;
    const options = [{ optionId: 'a', name, kind: 'allow_always' as const }];
    const events = [asking({ input, toolName: 'Bash' }, { title: 'List\u200bfiles', options }), COMPLETED];
    const cli = playing(events, { terminal: true, typed: ['1'], environment: { NO_COLOR: '1' } });
    expect(await cli.run('run', '--agent', 'demo', 'hi')).toBe(0);
    expect(await cli.err()).toContain(
      `? List\\u200bfiles\n  Command\n    ls \\u202e\\u001b[2J\n    rm -rf ~\n  env\n    {"A":"1"}\n  1  ${name}\n  2  Refuse\n`,
    );
    expect(cli.answers).toEqual([{ outcome: 'selected', optionId: 'a' }]);
  });
  test('what is too long for a screen is allowed only after it was shown, and refused at once', async () => {
    const input = { command: `ls ${'x'.repeat(100_000)}\nrm -rf ~` };
    const typed = ['2', 's', '2'];
    const cli = playing([asking({ input }), COMPLETED], { terminal: true, typed, environment: { NO_COLOR: '1' } });
    expect(await cli.run('run', '--agent', 'demo', 'hi')).toBe(0);
    expect(cli.answers).toEqual([{ outcome: 'selected', optionId: 'o' }]);
    const [before = '', after = ''] = (await cli.err()).split('Show everything before you allow it');
    expect(before).toMatch(/Not shown yet: 80\d\d\d characters/);
    expect(before).not.toContain('rm -rf ~');
    expect(after).toContain('\n    rm -rf ~\n');
    const refused = playing([asking({ input }), COMPLETED], { terminal: true, typed: ['3'] });
    await refused.run('run', '--agent', 'demo', 'hi');
    expect(refused.answers).toEqual([{ outcome: 'selected', optionId: 'n' }]);
  });
  test('a request that says nothing is not allowed for good', async () => {
    const events = [asking({}), COMPLETED];
    const cli = playing(events, { terminal: true, typed: ['1'], environment: { NO_COLOR: '1' } });
    await cli.run('run', '--agent', 'demo', 'hi');
    expect(await cli.err()).toContain('Not offered: Always\n  1  Allow\n  2  Deny\n');
    const once = [{ optionId: 'a', name: 'Always', kind: 'allow_always' as const }];
    const other = playing([asking({}, { options: once }), COMPLETED]);
    await other.run('run', '--agent', 'demo', '--permissions', 'allow', 'hi');
    expect(other.answers).toEqual([{ outcome: 'cancelled' }]);
  });
  test('two at once are asked one after the other, each right above its answers', async () => {
    const cli = playing([COMPLETED], {
      terminal: true,
      typed: ['2', '3'],
      environment: { NO_COLOR: '1' },
      handlers: {
        'turns.answerPermission': async ({ requestId, outcome }) => {
          cli.answers.push(outcome);
          cli.publish({ type: 'permission.answered', requestId, outcome });
          if (cli.answers.length === 2) cli.publish(COMPLETED);
          return {};
        },
        'turns.submit': async () => {
          cli.publish(ACCEPTED);
          cli.publish(asking({ input: 'first' }, { requestId: 'r0' }));
          cli.publish(asking({ input: 'second' }));
          return { turn: SUMMARY };
        },
      },
    });
    expect(await cli.run('run', '--agent', 'demo', 'hi')).toBe(0);
    expect(cli.answers.map((outcome) => 'optionId' in outcome && outcome.optionId)).toEqual(['o', 'n']);
    expect(await cli.err()).toMatch(/first\n {2}1 {2}Always\n[\s\S]*Answered: Allow\n[\s\S]*second\n {2}1 {2}Always/);
  });
  test('answered in the window meanwhile, the question is taken back', async () => {
    const cli = onTerminal([]);
    const code = cli.run('run', '--agent', 'demo', 'hi');
    while (cli.state.questions.length === 0) await new Promise((resolve) => setImmediate(resolve));
    cli.publish({ type: 'permission.answered', requestId: 'r1', outcome: { outcome: 'selected', optionId: 'o' } });
    cli.publish(COMPLETED);
    expect(await code).toBe(0);
    expect(cli.answers).toEqual([]);
    expect(await cli.err()).toContain('! Answered: Allow\n');
  });
  test('asking without a terminal is wrong usage', async () => {
    const cli = playing([COMPLETED]);
    expect(await cli.run('run', '--agent', 'demo', '--permissions', 'ask', 'hi')).toBe(2);
    const other = playing([COMPLETED]);
    expect(await other.run('run', '--agent', 'demo', '--permissions', 'maybe', 'hi')).toBe(2);
    expect(await other.err()).toContain('ask, allow, deny');
  });
});

describe('interrupts', () => {
  test('the first one cancels the turn, the second leaves', async () => {
    let cancelled = false;
    const cli = playing([], {
      handlers: {
        'turns.cancel': async () => {
          cancelled = true;
          cli.interrupts.interrupt();
          cli.publish(ended({ outcome: 'cancelled' }));
          return { turn: SUMMARY };
        },
      },
      onSubmit: () => setImmediate(() => cli.interrupts.interrupt()),
    });
    expect(await cli.run('run', '--agent', 'demo', 'hi')).toBe(1);
    expect(cancelled).toBe(true);
    expect(cli.state.forced).toBe(1);
    expect(await cli.err()).toMatch(/^Cancelling\..*\nThe turn was cancelled\.\n$/);
  });
  test('one that comes while the turn is submitted counts', async () => {
    const cli = playing([], { onSubmit: () => cli.interrupts.interrupt() });
    expect(await cli.run('run', '--agent', 'demo', 'hi')).toBe(1);
    expect(cli.state.forced).toBe(0);
  });
  test('a reader that leaves cancels quietly', async () => {
    const cli = playing([say('x')], {
      onSubmit: () => setImmediate(() => cli.stdout.destroy(Object.assign(new Error('gone'), { code: 'EPIPE' }))),
    });
    expect(await cli.run('run', '--agent', 'demo', 'hi')).toBe(1);
    expect(await cli.err()).toBe('The turn was cancelled.\n');
  });
});
