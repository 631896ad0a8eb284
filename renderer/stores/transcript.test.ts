import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunEvent, StoredRunEvent } from '../../shared/model/run-event.ts';
import { EMPTY_TRANSCRIPT, foldEvents, type Transcript } from '../../shared/transcript/fold.ts';
import { EVENTS } from '../dev/fixtures.ts';

const stored = (events: readonly RunEvent[], first = 1): StoredRunEvent[] =>
  events.map((event, index) => ({ turnId: 't', seq: first + index, at: 0, event }));
const fold = (events: readonly RunEvent[]) => foldEvents(EMPTY_TRANSCRIPT, stored(events)).transcript;
const say = (text: string): RunEvent => ({ type: 'agent.message', text });

const call = (patch: Partial<Extract<RunEvent, { type: 'tool.call' }>> = {}): RunEvent => ({
  type: 'tool.call',
  toolCallId: 'a',
  title: 'Read',
  toolKind: 'read',
  status: 'pending',
  content: [],
  locations: [],
  ...patch,
});

describe('folding', () => {
  test('chunks that follow each other are one message', () => {
    expect(fold([say('Hel'), say('lo')]).items).toEqual([{ kind: 'message', seq: 1, text: 'Hello' }]);
  });

  test('something in between begins a new one', () => {
    const { items } = fold([say('a'), { type: 'agent.thought', text: 'hm' }, say('b')]);
    expect(items.map((item) => item.kind)).toEqual(['message', 'thought', 'message']);
  });

  test('an update changes its tool call where it stands', () => {
    const { items } = fold([call(), say('x'), { type: 'tool.update', toolCallId: 'a', status: 'completed' }]);
    expect(items[0]).toMatchObject({ kind: 'tool', seq: 1, status: 'completed', title: 'Read' });
    expect(items).toHaveLength(2);
  });

  test('an update of a call that was never announced changes nothing', () => {
    expect(fold([{ type: 'tool.update', toolCallId: 'z', status: 'failed' }]).items).toEqual([]);
  });

  test('a call announced twice is one', () => {
    expect(fold([call(), call({ title: 'Read again' })]).items).toMatchObject([{ seq: 1, title: 'Read again' }]);
  });

  test('a turn has one plan, the last', () => {
    const plan = (content: string): RunEvent => ({
      type: 'plan',
      entries: [{ content, status: 'pending', priority: 'high' }],
    });
    expect(fold([plan('a'), say('x'), plan('b')]).items).toMatchObject([{ entries: [{ content: 'b' }] }, {}]);
  });

  test('an answer goes to its question', () => {
    const outcome = { outcome: 'selected', optionId: 'no' } as const;
    const { items } = fold([
      {
        type: 'permission.requested',
        requestId: 'r',
        toolCallId: 'a',
        title: 'May I?',
        options: [{ optionId: 'no', name: 'No', kind: 'reject_once' }],
      },
      { type: 'permission.answered', requestId: 'r', outcome },
    ]);
    expect(items).toMatchObject([{ kind: 'permission', outcome }]);
  });

  test('usage adds up to the last of each figure', () => {
    expect(
      fold([
        { type: 'usage', inputTokens: 1 },
        { type: 'usage', outputTokens: 2 },
      ]).usage,
    ).toMatchObject({
      inputTokens: 1,
      outputTokens: 2,
    });
  });

  test('the end is known', () => {
    expect(fold([say('x'), { type: 'turn.ended', result: { outcome: 'cancelled' } }]).result).toEqual({
      outcome: 'cancelled',
    });
  });
});

describe('order', () => {
  test('events that are there already change nothing', () => {
    const before = fold([say('a'), say('b')]);
    const { transcript, complete } = foldEvents(before, stored([say('a'), say('b')]));
    expect(complete).toBe(true);
    expect(transcript).toBe(before);
  });

  test('at a gap it stops and says so', () => {
    const { transcript, complete } = foldEvents(EMPTY_TRANSCRIPT, [...stored([say('a')]), ...stored([say('c')], 3)]);
    expect(complete).toBe(false);
    expect(transcript).toMatchObject({ seq: 1, items: [{ text: 'a' }] });
  });

  test('the transcript that was given stays as it was', () => {
    const before = fold([say('a')]);
    foldEvents(before, stored([say('b')], 2));
    expect(before.items).toEqual([{ kind: 'message', seq: 1, text: 'a' }]);
  });

  test('however the events are cut into batches, and repeated, the transcript is the same', () => {
    const events = stored(EVENTS[4] ?? []);
    const whole = foldEvents(EMPTY_TRANSCRIPT, events).transcript;
    fc.assert(
      fc.property(fc.array(fc.nat(events.length), { maxLength: 6 }), (cuts) => {
        let transcript: Transcript = EMPTY_TRANSCRIPT;
        let from = 0;
        for (const cut of [...cuts.sort((a, b) => a - b), events.length]) {
          transcript = foldEvents(transcript, events.slice(Math.max(0, from - 2), cut)).transcript;
          from = Math.max(from, cut);
        }
        expect(transcript).toEqual(whole);
      }),
    );
  });

  test('100,000 events are folded, tool calls and plans included', () => {
    const events = stored(
      Array.from({ length: 100_000 }, (_, index) => (index % 2 ? say('x') : call({ toolCallId: `${index}` }))),
    );
    let transcript: Transcript = EMPTY_TRANSCRIPT;
    for (let from = 0; from < events.length; from += 5000)
      transcript = foldEvents(transcript, events.slice(from, from + 5000)).transcript;
    expect(transcript.items).toHaveLength(100_000);
  });
});
