import { describe, expect, it } from 'vitest';
import type { AgentEvent } from '../../../../shared/model/run-event.ts';
import { createRefusedTools } from './refused-tools.ts';

const call: AgentEvent = {
  type: 'tool.call',
  toolCallId: '1',
  title: 'Write',
  toolKind: 'edit',
  status: 'pending',
  content: [],
  locations: [],
};
const failedWith = (text: string): AgentEvent => ({
  type: 'tool.update',
  toolCallId: '1',
  status: 'failed',
  content: [{ kind: 'text', text }],
});
const setUp = () =>
  createRefusedTools({ isRefusedTool: (text) => text.startsWith('denied') }, (text) => text.replace('secret', '•'));

describe('a tool that the agent refused by itself', () => {
  it('is named by its title, with the reason in the agent’s words, redacted', () => {
    const tools = setUp();
    expect(tools.noticeFor(call)).toBeUndefined();
    expect(tools.noticeFor(failedWith('denied: secret'))).toMatchObject({
      key: 'notice.tool-refused',
      values: { title: 'Write', reason: 'denied: •' },
    });
  });

  it('is named by its id where it has no title', () => {
    expect(setUp().noticeFor(failedWith('denied'))).toMatchObject({ values: { title: '1' } });
  });

  it('is none where it failed otherwise, or where the user was asked', () => {
    const tools = setUp();
    expect(tools.noticeFor(failedWith('no such file'))).toBeUndefined();
    tools.asked('1');
    expect(tools.noticeFor(failedWith('denied'))).toBeUndefined();
  });
});
