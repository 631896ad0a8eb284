import { describe, expect, it } from 'vitest';
import type { AgentEvent } from '../../../../shared/model/run-event.ts';
import { createRedactor } from '../../../../shared/redaction/redactor.ts';
import type { TurnRules } from '../../../../shared/runner-protocol/turn-rules.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { compileSigns } from './signs.ts';
import { createTurn } from './turn.ts';

function setUp(limits: { silence: number; stop: number }, rules?: TurnRules) {
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
      errorTexts: [],
      authenticationTexts: ['401'],
      ignoredTexts: [],
      refusedToolTexts: ['^Permission denied'],
    }),
    redact: (text) => text,
    mask: createRedactor({ shapes: [] }),
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
      error: { code: 'AGENT_EXITED', values: { agent: 'Agent', status: 'signal SIGSEGV' } },
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
