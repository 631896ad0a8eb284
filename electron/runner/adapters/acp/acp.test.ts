import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AgentEvent } from '../../../../shared/model/run-event.ts';
import type { RunnerUnderTest } from '../../testing/runner-process.ts';
import { fakeAgent, startParams, type TestFolders } from '../../testing/session-params.ts';
import { withRunner } from '../../testing/set-up.ts';

let runner: RunnerUnderTest;
let folders: TestFolders;
withRunner(
  (own) => {
    ({ runner, folders } = own);
  },
  { isQuiet: true },
);

type Options = Partial<Parameters<typeof startParams>[0]> & { readonly args?: readonly string[] };

async function start(agent: string, { args = [], ...options }: Options = {}): Promise<string> {
  const script = fakeAgent(agent);
  const launch = { ...options.launch, args: [script, ...args] };
  const params = startParams({ folders, script, ...options, launch });
  await runner.request('session.start', params);
  return params.sessionId;
}

async function ask(sessionId: string, prompt: unknown) {
  const turnId = randomUUID();
  const text = typeof prompt === 'string' ? prompt : JSON.stringify(prompt);
  const result = await runner.request('session.prompt', { sessionId, turnId, prompt: text });
  return { turnId, result, events: eventsOf(turnId) };
}

const eventsOf = (turnId: string): AgentEvent[] =>
  runner.notifications
    .filter(({ name, params }) => name === 'turn.event' && params.turnId === turnId)
    .map(({ params }) => params.event as AgentEvent);

const logText = (): string => JSON.stringify(runner.notifications.filter(({ name }) => name === 'log.line'));

const signs = {
  errorTexts: ['^API Error: \\d{3}\\b.*$'],
  authenticationTexts: ['^API Error: 401\\b', '^invalid x-api-key$', 'status 401 Unauthorized'],
  ignoredTexts: ['^\\*\\*Warning:\\*\\*'],
};
const launch = { failureSigns: signs };

describe('what separates a failed turn from an answered one', () => {
  it.each([
    ['authentication required', { code: -32000, message: 'Authentication required' }, 'AGENT_AUTHENTICATION_FAILED'],
    [
      'a status as the code',
      { code: 401, message: '{"error":{"message":"no such key"}}' },
      'AGENT_AUTHENTICATION_FAILED',
    ],
    ['a forbidden status', { code: 403, message: 'no' }, 'PROVIDER_FORBIDDEN'],
    ['another status', { code: 400, message: 'bad request' }, 'AGENT_REPORTED_ERROR'],
    ['an internal error', { code: -32603, message: 'Internal error: overloaded' }, 'PROVIDER_OVERLOADED'],
    [
      'one with a known text',
      { code: -32603, message: 'Internal error: invalid x-api-key' },
      'AGENT_AUTHENTICATION_FAILED',
    ],
    [
      'one with the text in its data',
      { code: -32603, message: 'Internal error', data: { message: 'unexpected status 401 Unauthorized: wrong key' } },
      'AGENT_AUTHENTICATION_FAILED',
    ],
  ])('%s', async (_name, error, code) => {
    const { result } = await ask(await start('polite', { launch }), { error });
    expect(result).toMatchObject({ outcome: 'failed', error: { code, values: { agent: 'fake' } } });
    expect(result).toHaveProperty('reported', expect.not.stringContaining('Internal error'));
  });

  it('an error dressed as text, in one piece or streamed', async () => {
    const sessionId = await start('polite', { launch });
    expect((await ask(sessionId, { say: ['API Err', 'or: 500 oops'] })).result).toMatchObject({
      outcome: 'failed',
      error: { code: 'PROVIDER_SERVER_ERROR' },
      reported: 'API Error: 500 oops',
    });
    expect((await ask(sessionId, { say: ['\nAPI Error: 401 no\n'] })).result).toMatchObject({
      error: { code: 'AGENT_AUTHENTICATION_FAILED' },
    });
    expect(
      (await ask(await start('error-as-text', { launch, args: ['API Error: 429 wait'] }), 'x')).result,
    ).toMatchObject({
      outcome: 'failed',
    });
  });

  it('an answer about an error is an answer, and so is one after a tool', async () => {
    const sessionId = await start('polite', { launch });
    const about = { say: ['The sentence "API Error: 401" means that\nthe key was refused.'] };
    expect((await ask(sessionId, about)).result).toEqual({ outcome: 'completed', stopReason: 'end_turn' });
    const quoted = { say: ['API Error: 401 is what you see when\nyour key is wrong.'] };
    expect((await ask(await start('polite'), quoted)).result).toMatchObject({ outcome: 'completed' });
    expect((await ask(sessionId, { tool: true, say: ['The log says "API Error: 500".'] })).result).toMatchObject({
      outcome: 'completed',
    });
  });

  it('an error in place of an answer is one after a tool as well', async () => {
    const sessionId = await start('polite', { launch });
    expect((await ask(sessionId, { tool: true, say: ['API Error: 500 Internal server error'] })).result).toMatchObject({
      outcome: 'failed',
      error: { code: 'PROVIDER_SERVER_ERROR' },
    });
  });

  it('nothing at all is no answer, unless the stop reason explains it', async () => {
    const sessionId = await start('polite', { launch });
    expect((await ask(sessionId, {})).result).toMatchObject({ error: { code: 'AGENT_ENDED_WITHOUT_ANSWER' } });
    expect((await ask(sessionId, { say: ['**Warning:** odd address'] })).result).toMatchObject({
      error: { code: 'AGENT_ENDED_WITHOUT_ANSWER' },
    });
    for (const stopReason of ['refusal', 'max_tokens', 'max_turn_requests']) {
      expect((await ask(sessionId, { stopReason })).result).toEqual({ outcome: 'completed', stopReason });
    }
    expect((await ask(sessionId, { tool: true })).result).toMatchObject({ outcome: 'completed' });
  });

  it('a silent failure whose log shows a refused credential names that', async () => {
    const script = { stderr: 'ERROR unexpected status 401 Unauthorized', say: [] };
    const { result } = await ask(await start('polite', { launch }), script);
    expect(result).toMatchObject({
      error: { code: 'AGENT_AUTHENTICATION_FAILED' },
      reported: expect.stringContaining('401'),
    });
  });

  it('the end of the process in mid-turn', async () => {
    const { result } = await ask(await start('crashing'), 'go');
    expect(result).toMatchObject({
      outcome: 'failed',
      error: { code: 'AGENT_EXITED', values: { agent: 'fake', status: 'code 9' } },
      exitCode: 9,
    });
  });

  it('silence over the limit', async () => {
    const limits = { start: 20_000, silence: 300, stop: 1_000 };
    const stuck = await start('slow', { launch: { limits }, args: ['600000'] });
    expect((await ask(stuck, 'go')).result).toMatchObject({
      error: { code: 'TURN_TIMEOUT', values: { agent: 'fake' } },
    });
    await runner.seen(({ name, params }) => name === 'session.exited' && params.sessionId === stuck);
  });
});

describe('what an agent may write', () => {
  it('junk between messages costs log lines, not the turn', async () => {
    const { result, events } = await ask(await start('noisy'), 'go');
    expect(result).toMatchObject({ outcome: 'completed' });
    expect(events).toEqual([{ type: 'agent.message', text: 'through all the noise' }]);
    for (const text of ['Welcome to the noisy agent!', 'DEBUG a line', 'an answer to no request', '_vendor/remark']) {
      expect(logText()).toContain(text);
    }
  });

  it('a line without end is a violation', async () => {
    const { result } = await ask(await start('noisy'), 'huge');
    expect(result).toMatchObject({ outcome: 'failed', error: { code: 'AGENT_PROTOCOL_ERROR' } });
  });

  it('a message as long as a whole connection takes ends its own turn, and no other session', async () => {
    const other = await start('polite');
    const { result } = await ask(await start('noisy'), `long ${32 * 1024 * 1024 - 200}`);
    expect(result).toMatchObject({ outcome: 'failed', error: { code: 'AGENT_PROTOCOL_ERROR' } });
    expect((await ask(other, 'still here')).result).toMatchObject({ outcome: 'completed' });
    // Positive control: a long message that fits arrives whole.
    const long = 15 * 1024 * 1024;
    const { events } = await ask(await start('noisy'), `long ${long}`);
    expect(events.map((event) => (event.type === 'agent.message' ? event.text.length : 0))).toEqual([long]);
  });

  it('updates of newer protocols are skipped and told', async () => {
    const updates = [
      { sessionUpdate: 'telepathy', thought: 1 },
      { sessionUpdate: 'plan', entries: 'none' },
      { sessionUpdate: 'usage_update', used: 10.4, size: 100, cost: { amount: 0.5, currency: 'USD' } },
    ];
    const usage = { inputTokens: 7, outputTokens: 3 };
    const { result, events } = await ask(await start('polite'), { updates, say: ['ok'], usage });
    expect(result).toMatchObject({ outcome: 'completed' });
    expect(events).toEqual([
      { type: 'usage', contextUsed: 10, contextSize: 100, cost: { amount: 0.5, currency: 'USD', of: 'turn' } },
      { type: 'agent.message', text: 'ok' },
      { type: 'usage', inputTokens: 7, outputTokens: 3 },
      { type: 'model.reported', model: 'a' },
    ]);
    expect(logText()).toContain('telepathy');
    expect(logText()).toContain('malformed plan');
  });

  it('secrets of its session come out masked, everywhere', async () => {
    const secret = 'perch-test-value-4f8a91c07d';
    const options = { environment: { FAKE_KEY: secret }, secretNames: ['FAKE_KEY'], launch };
    const sessionId = await start('polite', options);
    const shown = await ask(sessionId, { sayVariable: 'FAKE_KEY', stderr: `using ${secret}` });
    expect(shown.result).toMatchObject({ outcome: 'completed' });
    const told = await ask(sessionId, { error: { code: -32603, message: `bad key ${secret}` } });
    expect(told.result).toHaveProperty('reported', expect.stringContaining('bad key'));
    expect(JSON.stringify([runner.notifications, shown, told])).not.toContain(secret);
    // Once a turn and place, by its name.
    const found = () => runner.notifications.filter(({ name }) => name === 'secret.found').map(({ params }) => params);
    const { turnId } = shown;
    expect(found().slice(0, 2)).toEqual(
      expect.arrayContaining([
        { sessionId, turnId, variable: 'FAKE_KEY', where: 'output' },
        { sessionId, turnId, variable: 'FAKE_KEY', where: 'log' },
      ]),
    );
    const count = found().length;
    expect(logText()).toContain('using ');
    // Positive control: without its name among the secrets the value is nothing special.
    const open = await start('polite', { environment: { FAKE_KEY: secret } });
    const control = await ask(open, { sayVariable: 'FAKE_KEY' });
    expect(control.events.map((event) => ('text' in event ? event.text : '')).join('')).toBe(secret);
    expect(found()).toHaveLength(count);
  });

  it('a secret that a cut goes through leaves no half of itself', async () => {
    const secret = 'perch-test-value-4f8a91c07d';
    const half = secret.slice(0, 10);
    const environment = { FAKE_KEY: secret, FAKE_LAST_WORDS: `${'x'.repeat(490)}${secret}` };
    const options = { environment, secretNames: ['FAKE_KEY'], args: ['at-start'] };
    const failure = await start('crashing', options).catch((error: unknown) => error);
    expect(JSON.stringify(failure)).toContain('xxxx');
    const sessionId = await start('polite', { environment, secretNames: ['FAKE_KEY'] });
    await ask(sessionId, { say: ['ok'], stderr: `${'x'.repeat(8180)}${secret}` });
    await ask(sessionId, { say: ['ok'], stderr: `${'y'.repeat(8180)}${half} and more` });
    expect(logText()).toContain('(line cut)');
    const before = JSON.stringify([failure, logText()]).split('yyyy')[0];
    expect(before).not.toContain(half);
    // Positive control: the same half of nothing secret is cut there, and stays.
    expect(logText()).toContain(`y${half}`);
  });
});

describe('starting', () => {
  it.each([
    ['crashing', ['at-start'], 'SESSION_START_FAILED', 'something is missing'],
    ['refusing', [], 'AGENT_AUTHENTICATION_FAILED', 'missing or not configured'],
    ['refusing', ['v2'], 'SESSION_START_FAILED', 'version 2'],
  ])('%s %s', async (agent, args, code, text) => {
    const failure = await start(agent, { args }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code });
    expect(JSON.stringify(failure)).toContain(text);
  });

  it('an agent that never answers is given up and killed', async () => {
    const limits = { start: 700, silence: 0, stop: 500 };
    await expect(start('silent', { launch: { limits } })).rejects.toMatchObject({
      code: 'SESSION_START_TIMEOUT',
      values: { seconds: 1 },
    });
    expect(logText()).toContain('the agent ended');
  });

  it('a missing program', async () => {
    for (const enforcement of ['required', 'off'] as const) {
      const options = { launch: { command: '/usr/bin/no-such-agent' }, policy: { enforcement } };
      await expect(start('polite', options)).rejects.toMatchObject({
        code: 'AGENT_INTERPRETER_MISSING',
        values: { missing: expect.stringContaining('no-such-agent') },
      });
    }
  });

  it('the model by a configuration option, by set_model, or not at all', async () => {
    const said = async (options: Options): Promise<unknown> =>
      (await ask(await start('polite', options), 'model')).events;
    const answer = (text: string) => [{ type: 'agent.message', text }];
    // Set to a model that nothing asked it for, it says which.
    const own = [...answer('none'), { type: 'model.reported', model: 'a' }];
    expect(await said({ model: 'big/one', launch: { modelBy: 'acp-config-option' } })).toEqual(answer('brain=big/one'));
    expect(await said({ model: 'big/one', launch: { modelBy: 'acp-set-model' } })).toEqual(answer('big/one'));
    expect(await said({ model: 'big/one', launch: { modelBy: 'launch' } })).toEqual(own);
    expect(await said({ model: '', launch: { modelBy: 'acp-set-model' } })).toEqual(own);
    await expect(start('polite', { model: 'unknown', launch: { modelBy: 'acp-set-model' } })).rejects.toMatchObject({
      code: 'SESSION_START_FAILED',
      values: { reason: 'no such model: unknown' },
    });
    await expect(start('slow', { model: 'x', launch: { modelBy: 'acp-config-option' } })).rejects.toMatchObject({
      code: 'SESSION_START_FAILED',
    });
  });

  it('what it is told beside the protocol', async () => {
    const said = async (launch: Options['launch']): Promise<unknown> =>
      (await ask(await start('polite', { ...(launch && { launch }) }), 'meta')).events[0];
    const sessionMeta = { acme: { options: { disallowedTools: ['Web'] } } };
    expect(await said({ sessionMeta })).toEqual({ type: 'agent.message', text: JSON.stringify(sessionMeta) });
    expect(await said(undefined)).toEqual({ type: 'agent.message', text: 'none' });
  });

  it('a model that is not allowed in managed never reaches it', async () => {
    const auth = { mode: 'managed', model: 'b', gateway: { providerId: 'openai' }, allowedModels: ['a'] };
    const params = { ...startParams({ folders, script: fakeAgent('polite') }), auth };
    await expect(runner.peer.request('session.start', params)).rejects.toMatchObject({ code: 'INVALID_PARAMS' });
  });

  it('what would show a secret or bend a loader is refused before anything starts', async () => {
    const secret = 'perch-test-value-4f8a91c07d';
    const withSecret = { environment: { KEY: secret }, secretNames: ['KEY'] };
    await expect(start('polite', { ...withSecret, args: [`--key=${secret}`] })).rejects.toMatchObject({
      code: 'INVALID_PARAMS',
    });
    const stateFiles = [{ path: 'a.json', content: `{"key":"${secret}"}` }];
    await expect(start('polite', { ...withSecret, launch: { stateFiles } })).rejects.toMatchObject({
      code: 'INVALID_PARAMS',
    });
    for (const name of ['LD_PRELOAD', 'ld_preload', 'NODE_OPTIONS', 'BASH_ENV']) {
      await expect(start('polite', { environment: { [name]: '/tmp/x' } })).rejects.toMatchObject({
        code: 'VARIABLE_RESERVED',
      });
    }
    for (const name of ['PATH', 'HOME', 'XDG_CONFIG_HOME', 'NODE_USE_ENV_PROXY']) {
      await expect(start('polite', { variableNames: [name] })).rejects.toMatchObject({ code: 'VARIABLE_RESERVED' });
    }
    expect(logText()).toBe('[]');
  });

  it('while names that are the user’s to give, and those that Perch sets, are taken', async () => {
    const environment = { MY_NAME: 'x', XDG_CONFIG_HOME: '/home/agent/.config' };
    const sessionId = await start('polite', { environment, variableNames: ['MY_NAME'] });
    await runner.request('session.close', { sessionId });
  });
});

describe('cancelling', () => {
  it('an agent that obeys stays', async () => {
    const sessionId = await start('slow', { args: ['600000'] });
    const turnId = randomUUID();
    const result = runner.request('session.prompt', { sessionId, turnId, prompt: 'go' });
    await runner.request('session.cancel', { sessionId, turnId: randomUUID() });
    await runner.request('session.cancel', { sessionId, turnId });
    expect(await result).toEqual({ outcome: 'cancelled' });
    await runner.request('session.close', { sessionId });
  });

  it('an agent that does not is killed', async () => {
    const sessionId = await start('unkillable', { args: [randomUUID()] });
    const turnId = randomUUID();
    const result = runner.request('session.prompt', { sessionId, turnId, prompt: 'go' });
    await runner.seen(({ params }) => params.turnId === turnId);
    await runner.request('session.cancel', { sessionId, turnId });
    expect(await result).toEqual({ outcome: 'cancelled' });
    await runner.seen(({ name }) => name === 'session.exited');
  });
});

describe('the mode of a turn', () => {
  const inMode = async (modeId: string, args: string[] = []) => {
    const sessionId = await start('modes', { args });
    const turnId = randomUUID();
    const rules = { mode: 'plan', modeId } as const;
    const result = await runner.request('session.prompt', { sessionId, turnId, prompt: 'mode?', rules });
    return { result, events: eventsOf(turnId) };
  };

  it.each([['modes'], ['option']])('is set before the prompt, by %s', async (way) => {
    const { result, events } = await inMode('careful', [way]);
    expect(result).toMatchObject({ outcome: 'completed' });
    expect(events).toContainEqual({ type: 'agent.message', text: 'careful' });
  });

  it.each([
    ['is not offered', 'unheard', []],
    ['is refused', 'forbidden', ['modes']],
  ])('that %s keeps the prompt from being sent', async (_what, modeId, args) => {
    const { result, events } = await inMode(modeId, args);
    expect(result).toMatchObject({ error: { code: 'PERMISSION_MODE_REFUSED', values: { mode: 'plan' } } });
    expect(events).toEqual([]);
  });
});
