import { RequestError } from '@agentclientprotocol/sdk';
import { describe, expect, it } from 'vitest';
import type { AgentEvent } from '../../../../shared/model/run-event.ts';
import { createRedactor } from '../../../../shared/redaction/redactor.ts';
import type { TurnRules } from '../../../../shared/runner-protocol/turn-rules.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { compileSigns } from './signs.ts';
import { createTurn } from './turn.ts';

function setUp(
  limits: { silence: number; stop: number },
  rules?: TurnRules,
  { secret, unreached }: { secret?: string | undefined; unreached?: () => string | undefined } = {},
) {
  const mask = createRedactor({ shapes: [] });
  if (secret !== undefined) mask.add(secret);
  const clock = createManualClock();
  const events: AgentEvent[] = [];
  const done: string[] = [];
  let lastId = 0;
  const turn = createTurn({
    agentName: 'Agent',
    clock,
    limits: { start: 1, ...limits },
    rules,
    signs: compileSigns({
      errorTexts: ['^API Error: [^\\n]*$'],
      authenticationTexts: ['401'],
      ignoredTexts: [],
      refusedToolTexts: ['^Permission denied'],
      unfinished: { answers: 2, cause: 'connection-dropped', abortedTools: [] },
    }),
    redact: (text) => text,
    unreached,
    mask,
    newId: () => String(++lastId),
    emit: (event) => events.push(event),
    note: () => undefined,
    sendCancel: () => done.push('cancel sent'),
    kill: () => done.push(`killed at ${clock.now()}`),
  });
  return { clock, events, done, turn };
}

const word = { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'word' } };
const question = {
  sessionId: 's',
  toolCall: { toolCallId: '1', title: 'Write' },
  options: [{ optionId: 'yes', name: 'Yes', kind: 'allow_once' as const }],
};
const exit = { exitCode: null, signal: 'SIGKILL' as const };

describe('silence', () => {
  it('counts from the last sign of life, whatever it is', async () => {
    const { clock, done, turn } = setUp({ silence: 1_000, stop: 500 });
    for (const sign of [() => turn.update(word), () => turn.update({ odd: 1 })]) {
      clock.advance(900);
      sign();
    }
    clock.advance(999);
    expect(done).toEqual([]);
    clock.advance(1);
    expect(done).toEqual(['killed at 2800']);
    turn.exited(exit);
    expect(await turn.result).toMatchObject({
      error: { code: 'TURN_TIMEOUT', values: { agent: 'Agent', seconds: 1 } },
    });
  });

  it('is not broken by an agent that repeats its complaint on stderr for ever', () => {
    const { clock, done, turn } = setUp({ silence: 1_000, stop: 500 });
    for (const complaint of ['429, trying again', '429, trying again']) {
      clock.advance(400);
      turn.errorLine(complaint);
    }
    clock.advance(200);
    expect(done).toEqual(['killed at 1000']);
  });

  it('does not count while the user is asked', async () => {
    const { clock, done, turn, events } = setUp({ silence: 1_000, stop: 500 });
    const answer = turn.ask(question);
    clock.advance(60_000);
    turn.update(word);
    clock.advance(60_000);
    expect(turn.answerPermission('1', { outcome: 'selected', optionId: 'yes' })).toBe(true);
    expect(await answer).toEqual({ outcome: { outcome: 'selected', optionId: 'yes' } });
    clock.advance(999);
    expect(done).toEqual([]);
    clock.advance(1);
    expect(done).toHaveLength(1);
    expect(events.map(({ type }) => type)).toEqual(['permission.requested', 'agent.message', 'permission.answered']);
  });

  it('means nothing with a limit of 0', () => {
    const { clock, done } = setUp({ silence: 0, stop: 500 });
    clock.advance(1e9);
    expect(done).toEqual([]);
  });
});

describe('half answers', () => {
  const half = (messageId: string) => ({ ...word, messageId });

  it('end the turn as a connection that was lost, before the next of them is told', async () => {
    const { done, events, turn } = setUp({ silence: 1_000, stop: 500 });
    for (const id of ['a', 'b']) turn.update(half(id));
    expect(done).toEqual([]);
    turn.update(half('c'));
    expect(done).toEqual(['killed at 0']);
    turn.exited(exit);
    const error = { code: 'PROVIDER_CONNECTION_LOST', values: { agent: 'Agent' } };
    expect(await turn.result).toEqual({ outcome: 'failed', error });
    expect(events).toEqual(['a', 'b'].map(() => ({ type: 'agent.message', text: 'word' })));
  });

  it('of a host that the way out does not reach are told as that', async () => {
    const { turn } = setUp({ silence: 1_000, stop: 500 }, undefined, { unreached: () => 'api.example.com:443' });
    for (const id of ['a', 'b', 'c']) turn.update(half(id));
    turn.exited(exit);
    expect(await turn.result).toMatchObject({
      error: { code: 'PROVIDER_UNREACHABLE', values: { host: 'api.example.com:443' } },
    });
  });
});

describe('a question', () => {
  const asked = async (params: unknown, before: readonly object[] = [], secret?: string) => {
    const { turn, events } = setUp({ silence: 0, stop: 1 }, undefined, { secret });
    for (const update of before) turn.update(update);
    void turn.ask(params);
    const found = events.find((event) => event.type === 'permission.requested');
    if (found === undefined) throw new Error('nothing was asked');
    return { ...found, turn };
  };
  const options = question.options;

  it('holds all that the request says, in its own words', async () => {
    const { details, title } = await asked({
      sessionId: 's',
      toolCall: {
        toolCallId: '1',
        title: 'Edit',
        name: 'Write',
        kind: 'edit',
        status: 'pending',
        rawInput: { file: 'x', mode: 7 },
        content: [
          { type: 'content', content: { type: 'text', text: 'because' } },
          { type: 'diff', path: 'x', newText: 'b', _meta: { kind: 'add' } },
          { type: 'content', content: { type: 'image', data: 'AAAA' } },
          { type: 'terminal', terminalId: 't' },
          'loose',
        ],
        locations: [
          { path: 'x', line: 3 },
          { path: 'y', line: null },
        ],
        rule: 'all of it',
      },
      options: [{ ...options[0], _meta: { covers: 'git *' } }],
      _meta: { prompt: 'really' },
    });
    expect(title).toBe('Edit');
    expect(details).toEqual({
      toolName: 'Write',
      toolKind: 'edit',
      input: { file: 'x', mode: 7 },
      content: [
        { kind: 'text', text: 'because' },
        { kind: 'diff', path: 'x', oldText: null, newText: 'b' },
        { kind: 'terminal', terminalId: 't' },
      ],
      locations: [{ path: 'x', line: 3 }, { path: 'y' }],
      other: {
        _meta: { prompt: 'really' },
        'toolCall.rule': 'all of it',
        'content[1]._meta': { kind: 'add' },
        'content[2]': { type: 'content', content: { type: 'image', data: 'AAAA' } },
        'content[4]': 'loose',
        'options[0]._meta': { covers: 'git *' },
      },
    });
  });

  it('is joined with what was said of the same tool call before, until that is over', async () => {
    const call = { sessionUpdate: 'tool_call', toolCallId: '1', title: 'bash', rawInput: { cwd: '/p' } };
    const more = {
      sessionUpdate: 'tool_call_update',
      toolCallId: '1',
      content: [{ type: 'content', content: { type: 'text', text: 'why' } }],
      rawInput: { command: 'old', description: 'List' },
    };
    const request = { toolCall: { toolCallId: '1', rawInput: { command: 'ls' }, content: [], title: null }, options };
    const { details, title } = await asked(request, [call, more]);
    expect(title).toBe('bash');
    expect(details?.input).toEqual({ cwd: '/p', command: 'ls', description: 'List' });
    expect(details?.content).toEqual([{ kind: 'text', text: 'why' }]);
    const over = await asked(request, [call, { sessionUpdate: 'tool_call_update', toolCallId: '1', status: 'failed' }]);
    expect(over.details?.input).toEqual({ command: 'ls' });
    const others = await asked(request, [{ ...call, toolCallId: '2' }]);
    expect(others.details?.input).toEqual({ command: 'ls' });
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a text', 'allow?'],
    ['no tool call', { options }],
    ['a tool call that is a text', { toolCall: 'rm -rf ~', options }],
    ['content that is none', { toolCall: { toolCallId: 7, content: 'rm', locations: {}, kind: 4 }, options }],
    ['options that are none', { toolCall: { title: 'x' }, options: [3, { name: 'No id' }, null] }],
  ])('that is malformed is asked all the same: %s', async (_, params) => {
    const { title, details, requestId, turn } = await asked(params);
    expect(JSON.stringify({ title, other: details?.other })).toMatch(/rm|x|{/);
    expect(turn.answerPermission(requestId, { outcome: 'cancelled' })).toBe(true);
  });

  it('may offer answers of a kind that is not known, and more than one of a name', async () => {
    const odd = [{ optionId: 'a', name: 'Sure', kind: 'allow_sometimes' }, { optionId: 'b' }];
    const { options: offered } = await asked({ toolCall: { toolCallId: '1', rawInput: 'ls' }, options: odd });
    expect(offered).toEqual([
      { optionId: 'a', name: 'Sure', kind: 'other' },
      { optionId: 'b', name: 'b', kind: 'other' },
    ]);
  });

  it('that tells nothing is not answered for good', async () => {
    const always = [{ optionId: 'always', name: 'Always', kind: 'allow_always' }];
    const choose = { outcome: 'selected', optionId: 'always' } as const;
    const blind = await asked({ toolCall: { toolCallId: '1', title: 'List files' }, options: always });
    expect(() => blind.turn.answerPermission(blind.requestId, choose)).toThrowError('INVALID_PARAMS');
    const told = await asked({ toolCall: { toolCallId: '1', rawInput: { command: 'ls' } }, options: always });
    expect(told.turn.answerPermission(told.requestId, choose)).toBe(true);
  });

  it('that is too large, or too deep, keeps what fits and counts the rest; no text is cut', async () => {
    const half = 'x'.repeat(2_500_000);
    const large = await asked({
      toolCall: { toolCallId: '1', rawInput: { command: half, more: half, end: 'z' } },
      options,
    });
    expect(large.details).toMatchObject({ input: { command: half, more: '', end: 'z' }, omittedChars: half.length });
    let deep: unknown = 'secret';
    for (let level = 0; level < 5000; level++) deep = [deep];
    const { details } = await asked({ toolCall: { toolCallId: '1', rawInput: deep }, options });
    expect(details?.omittedChars).toBe(1);
    expect(JSON.stringify(details)).not.toContain('secret');
  });

  it('holds no value of the session’s secrets, wherever it stands', async () => {
    const secret = 'token-0123456789abcdef';
    const secret2 = Buffer.from(secret).toString('hex');
    const diff = { type: 'diff', path: secret, oldText: secret, newText: secret };
    const { turn: _, ...event } = await asked(
      {
        toolCall: {
          toolCallId: '1',
          title: secret,
          name: secret,
          rawInput: { [secret]: secret, [secret2]: 1, list: [{ [secret]: secret }] },
          content: [diff, { type: secret, [secret]: secret }],
          locations: [{ path: secret }],
        },
        options: [{ optionId: 'a', name: secret, kind: secret, [secret]: secret }],
        _meta: { [secret]: secret },
      },
      [],
      secret,
    );
    expect(JSON.stringify(event)).not.toContain(secret);
    expect(event.details?.input).toMatchObject({ '[redacted]': '[redacted]', '[redacted] 2': 1 });
    expect(JSON.stringify(event).split('[redacted]').length - 1).toBeGreaterThanOrEqual(14);
  });
});

describe('a cancel', () => {
  it('is asked for first, then the agent is killed with time left of the second', async () => {
    const { clock, done, turn } = setUp({ silence: 0, stop: 60_000 });
    turn.cancel();
    turn.cancel();
    clock.advance(699);
    expect(done).toEqual(['cancel sent']);
    clock.advance(1);
    expect(done).toEqual(['cancel sent', 'killed at 700']);
    turn.exited(exit);
    expect(await turn.result).toEqual({ outcome: 'cancelled' });
  });

  it('answers open questions as cancelled, and later ones too', async () => {
    const { turn, events } = setUp({ silence: 0, stop: 100 });
    const open = turn.ask(question);
    turn.cancel();
    expect(await open).toEqual({ outcome: { outcome: 'cancelled' } });
    expect(await turn.ask(question)).toEqual({ outcome: { outcome: 'cancelled' } });
    expect(events.at(-1)).toMatchObject({ type: 'permission.answered', outcome: { outcome: 'cancelled' } });
  });

  it('wins over whatever the agent says then', async () => {
    const { clock, done, turn } = setUp({ silence: 0, stop: 100 });
    turn.update(word);
    turn.cancel();
    turn.answered({ stopReason: 'end_turn' });
    expect(await turn.result).toEqual({ outcome: 'cancelled' });
    clock.advance(1_000);
    expect(done).toEqual(['cancel sent']);
  });
});

describe('the end', () => {
  it('comes once, and nothing after it', async () => {
    const { turn, events } = setUp({ silence: 0, stop: 100 });
    turn.update(word);
    turn.answered({ stopReason: 'end_turn' });
    turn.update(word);
    turn.exited(exit);
    expect(await turn.result).toEqual({ outcome: 'completed', stopReason: 'end_turn' });
    expect(events).toHaveLength(1);
  });

  it('of the process is told with its signal', async () => {
    const { turn } = setUp({ silence: 0, stop: 100 });
    turn.exited({ exitCode: null, signal: 'SIGSEGV' });
    expect(await turn.result).toMatchObject({
      error: { code: 'AGENT_KILLED', values: { agent: 'Agent', status: 'signal SIGSEGV', signal: 'SIGSEGV' } },
      signal: 'SIGSEGV',
    });
  });
});

describe('the rules of a turn', () => {
  const call = { sessionUpdate: 'tool_call', toolCallId: '1', title: 'Read', kind: 'read' };

  it('stop it after the minutes that are allowed, politely first', async () => {
    const { clock, done, turn } = setUp({ silence: 0, stop: 500 }, { mode: 'ask', maxMinutes: 2 });
    clock.advance(119_999);
    expect(done).toEqual([]);
    clock.advance(1);
    expect(done).toEqual(['cancel sent']);
    turn.answered({ stopReason: 'cancelled' });
    expect(await turn.result).toMatchObject({ error: { code: 'TURN_LIMIT_MINUTES', values: { limit: 2 } } });
    clock.advance(10_000);
    expect(done).toEqual(['cancel sent']);
  });

  it('stop it after the tool calls that are allowed; an agent that does not obey is killed', async () => {
    const { clock, done, turn } = setUp({ silence: 0, stop: 500 }, { mode: 'ask', maxToolCalls: 2 });
    for (const toolCallId of ['1', '2']) turn.update({ ...call, toolCallId });
    expect(done).toEqual([]);
    turn.update({ ...call, toolCallId: '3' });
    clock.advance(500);
    expect(done).toEqual(['cancel sent', 'killed at 500']);
    turn.exited(exit);
    expect(await turn.result).toMatchObject({ error: { code: 'TURN_LIMIT_TOOL_CALLS', values: { limit: 2 } } });
  });

  it('that say yes answer for the user, once and visibly', async () => {
    const { events, turn } = setUp({ silence: 0, stop: 500 }, { mode: 'execute', allows: true });
    const always = { optionId: 'always', name: 'Always', kind: 'allow_always' as const };
    const answer = await turn.ask({ ...question, options: [always, ...question.options] });
    expect(answer).toEqual({ outcome: { outcome: 'selected', optionId: 'yes' } });
    expect(events).toEqual([expect.objectContaining({ key: 'notice.permission-allowed', values: { title: 'Write' } })]);
  });
});

describe('a tool that the agent refused by itself', () => {
  const call = { sessionUpdate: 'tool_call', toolCallId: '1', title: 'rm x', kind: 'execute' };
  const failedWith = (text: string) => ({
    sessionUpdate: 'tool_call_update',
    toolCallId: '1',
    status: 'failed',
    content: [{ type: 'content', content: { type: 'text', text } }],
  });
  const notices = (events: readonly AgentEvent[]) =>
    events.flatMap((event) => (event.type === 'notice' ? [[event.key, event.values]] : []));

  it('is told, with its reason', () => {
    const { events, turn } = setUp({ silence: 0, stop: 500 });
    turn.update(call);
    turn.update(failedWith('Permission denied: not in this mode'));
    expect(notices(events)).toEqual([
      ['notice.tool-refused', { title: 'rm x', reason: 'Permission denied: not in this mode' }],
    ]);
  });

  it('is nothing new when it failed otherwise, or when the user was asked', () => {
    const { events, turn } = setUp({ silence: 0, stop: 500 });
    turn.update(call);
    turn.update(failedWith('no such file'));
    void turn.ask(question);
    turn.update(failedWith('Permission denied: by the user'));
    expect(notices(events)).toEqual([]);
  });
});

describe('a turn that the agent calls cancelled', () => {
  const asked = {
    ...question,
    options: [...question.options, { optionId: 'no', name: 'No', kind: 'reject_once' as const }],
  };
  const cancelled = { stopReason: 'cancelled' as const };

  it('is told as declined after a request was declined', async () => {
    const { turn } = setUp({ silence: 1_000, stop: 500 });
    const answer = turn.ask(asked);
    turn.answerPermission('1', { outcome: 'selected', optionId: 'no' });
    await answer;
    turn.answered(cancelled);
    expect(await turn.result).toEqual({ outcome: 'cancelled', by: 'agent', declined: 'Write' });
  });

  it('is told as declined after none of the options was chosen', async () => {
    const { turn } = setUp({ silence: 1_000, stop: 500 });
    const answer = turn.ask(question);
    turn.answerPermission('1', { outcome: 'cancelled' });
    await answer;
    turn.answered(cancelled);
    expect(await turn.result).toEqual({ outcome: 'cancelled', by: 'agent', declined: 'Write' });
  });

  it('tells no secret by the title of what was declined', async () => {
    const secret = 'sk-0123456789-canary';
    const { turn } = setUp({ silence: 1_000, stop: 500 }, undefined, { secret });
    const answer = turn.ask({ ...asked, toolCall: { toolCallId: '1', title: `curl -H ${secret}` } });
    turn.answerPermission('1', { outcome: 'selected', optionId: 'no' });
    await answer;
    turn.answered(cancelled);
    const result = await turn.result;
    expect(result).toMatchObject({ by: 'agent', declined: expect.stringMatching(/^curl -H ./) });
    expect(JSON.stringify(result)).not.toContain('canary');
  });

  it('is its own doing after one was allowed', async () => {
    const { turn } = setUp({ silence: 1_000, stop: 500 });
    const answer = turn.ask(asked);
    turn.answerPermission('1', { outcome: 'selected', optionId: 'yes' });
    await answer;
    turn.answered(cancelled);
    expect(await turn.result).toEqual({ outcome: 'cancelled', by: 'agent' });
  });

  it('is the doing of the user who cancelled it', async () => {
    const { turn } = setUp({ silence: 1_000, stop: 500 });
    const answer = turn.ask(asked);
    turn.cancel();
    await answer;
    turn.answered(cancelled);
    expect(await turn.result).toEqual({ outcome: 'cancelled' });
  });
});

describe('an error dressed as an answer', () => {
  const chunk = (text: string) => ({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
  const said = (events: readonly AgentEvent[]) =>
    events.map((event) => (event.type === 'agent.message' ? event.text : event.type)).join('');

  it('is told as an error, and does not stand as the answer too', async () => {
    const { turn, events } = setUp({ silence: 0, stop: 500 });
    turn.update(chunk('API Error: 529 Overloaded'));
    turn.update(chunk('\n\n'));
    turn.answered({ stopReason: 'end_turn' });
    expect(await turn.result).toMatchObject({
      error: { code: 'PROVIDER_OVERLOADED' },
      reported: 'API Error: 529 Overloaded',
    });
    expect(said(events)).toBe('');
  });

  it('says more than the error answer behind it, and leaves what was answered before', async () => {
    const { turn, events } = setUp({ silence: 0, stop: 500 });
    turn.update(chunk('The word is '));
    turn.update(chunk('API Error: 403 Your API key does not have permission to use the model m.'));
    turn.refused(new RequestError(-32000, 'Authentication required'));
    expect(await turn.result).toMatchObject({ error: { code: 'MODEL_UNAVAILABLE' } });
    expect(said(events)).toBe('The word is ');
  });

  it.each([1, 2, 5, 11])('is told as one where it comes in pieces of %d characters', async (size) => {
    const { turn, events } = setUp({ silence: 0, stop: 500 });
    const error = 'API Error: 529 Overloaded';
    for (let at = 0; at < error.length; at += size) turn.update(chunk(error.slice(at, at + size)));
    turn.answered({ stopReason: 'end_turn' });
    expect(await turn.result).toMatchObject({ error: { code: 'PROVIDER_OVERLOADED' }, reported: error });
    expect(said(events)).toBe('');
  });

  it('is no reason to hold back an answer that merely begins like one', async () => {
    const { turn, events } = setUp({ silence: 0, stop: 500 });
    turn.update(chunk('API '));
    expect(said(events)).toBe('');
    turn.update(chunk('Endpoints are '));
    // The text reaches the person before the turn ends.
    turn.update(chunk('few.'));
    turn.update({ sessionUpdate: 'tool_call', toolCallId: '1', title: 'List' });
    expect(said(events)).toBe('API Endpoints are few.tool.call');
    turn.update(chunk('AP'));
    turn.refused(new RequestError(-32603, 'Overloaded'));
    expect(await turn.result).toMatchObject({ error: { code: 'PROVIDER_OVERLOADED' } });
    expect(said(events)).toBe('API Endpoints are few.tool.callAP');
  });

  it('is an answer when more follows', async () => {
    const { turn, events } = setUp({ silence: 0, stop: 500 });
    turn.update(chunk('API Error: 500 is what you see'));
    turn.update(chunk('\nwhen the server fails.'));
    turn.answered({ stopReason: 'end_turn' });
    expect(await turn.result).toMatchObject({ outcome: 'completed' });
    expect(said(events)).toBe('API Error: 500 is what you see\nwhen the server fails.');
  });

  it('is told by an agent that marks its answer as failed', async () => {
    const { turn, events } = setUp({ silence: 0, stop: 500 });
    turn.update(chunk('Half an ans'));
    const sessionFailure = { severity: 'error', title: 'Rate limit reached. Please try again in 20s.' };
    turn.answered({ stopReason: 'end_turn', _meta: { jetbrains: { air: { sessionFailure } } } });
    expect(await turn.result).toMatchObject({
      error: { code: 'PROVIDER_RATE_LIMITED', values: { resetAt: 20_000 } },
    });
    expect(said(events)).toBe('Half an ans');
  });
});

describe('a host that was not reached', () => {
  it('is why the agent is silent', async () => {
    const { clock, turn } = setUp({ silence: 1_000, stop: 500 }, undefined, {
      unreached: () => 'api.example:443',
    });
    clock.advance(1_000);
    turn.exited(exit);
    expect(await turn.result).toMatchObject({
      error: { code: 'PROVIDER_UNREACHABLE', values: { host: 'api.example:443' } },
    });
  });
});
