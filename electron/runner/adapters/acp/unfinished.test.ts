import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FailureSigns } from '../../../../shared/runner-protocol/protocol.ts';
import { repository } from '../../testing/session-params.ts';
import { compileSigns } from './signs.ts';
import { createUnfinished } from './unfinished.ts';

const { failureSigns } = JSON.parse(readFileSync(join(repository, 'resources/agents/opencode.json'), 'utf8')) as {
  failureSigns: FailureSigns;
};
const { answers = 0 } = failureSigns.unfinished ?? {};

const said = (messageId: string, channel = 'agent_message_chunk') => ({
  sessionUpdate: channel,
  messageId,
  content: { type: 'text', text: 'The word is ' },
});
const tool = (status: string, text?: string) => ({
  sessionUpdate: 'tool_call_update',
  toolCallId: 'call_1',
  status,
  ...(text === undefined ? {} : { content: [{ type: 'content', content: { type: 'text', text } }] }),
});
const ABORTED = tool('failed', 'Tool execution aborted');
const after = (...updates: readonly unknown[]) => {
  const unfinished = createUnfinished(compileSigns(failureSigns));
  return updates.map((update) => unfinished.update(update)).at(-1);
};
const texts = (count: number) => Array.from({ length: count }, (_, at) => [said(`m${at}`), said(`m${at}`)]).flat();

test('half answers in a row are a connection that dropped, when the agent asks for one too many', () => {
  expect(answers).toBe(3);
  expect(after(...texts(answers))).toBeUndefined();
  expect(after(...texts(answers), said('next'))).toBe('connection-dropped');
  const thoughts = texts(answers).map((one) => ({ ...one, sessionUpdate: 'agent_thought_chunk' }));
  expect(after(...thoughts, said('next', 'agent_thought_chunk'))).toBe('connection-dropped');
});

test('so are calls of tools that did not come whole, with or without words before them', () => {
  expect(after(ABORTED, ABORTED)).toBeUndefined();
  expect(after(ABORTED, ABORTED, ABORTED)).toBe('connection-dropped');
  expect(after(said('a'), ABORTED, said('b'), ABORTED, said('c'))).toBeUndefined();
  expect(after(said('a'), ABORTED, said('b'), ABORTED, said('c'), ABORTED)).toBe('connection-dropped');
});

test('an answer whose tool was at work is none of them, whatever became of the tool', () => {
  const step = (at: number) => [said(`m${at}`), tool('pending'), tool('in_progress'), tool('failed', 'no such file')];
  const steps = Array.from({ length: 20 }, (_, at) => step(at)).flat();
  expect(after(...steps, said('end'))).toBeUndefined();
  expect(after(...texts(answers), tool('completed'), ...texts(answers))).toBeUndefined();
  // A tool that fails otherwise says nothing of the answer that called it.
  expect(after(...Array.from({ length: 9 }, () => tool('failed', 'no such file')))).toBeUndefined();
});

test('an agent without the sign, or without names for its answers, is never judged by it', () => {
  const { unfinished: _, ...others } = failureSigns;
  const silent = createUnfinished(compileSigns(others));
  for (const update of [...texts(9), ABORTED, ABORTED, ABORTED]) expect(silent.update(update)).toBeUndefined();
  const nameless = texts(9).map(({ messageId: _, ...rest }) => rest);
  expect(after(...nameless)).toBeUndefined();
  fc.assert(
    fc.property(fc.array(fc.anything(), { maxLength: 20 }), (updates) => {
      expect(after(...updates)).toBeUndefined();
    }),
  );
});
