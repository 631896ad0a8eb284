import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlanEntry } from '@agentclientprotocol/sdk';
import { type DemoTurn, type Stop, say, stream } from './conversation.ts';

const FILE_NAME = 'perch-demo.txt';
const STEPS = ['Read the prompt', 'Look at the working directory', `Write ${FILE_NAME}, if allowed`] as const;
/** Words of a prompt that are repeated in the answer. */
const ECHOED_CHARS = 160;

/** An ordinary turn: everything that an agent does, once, for real and without a model. */
export async function walkThrough(turn: DemoTurn): Promise<Stop> {
  await plan(turn, 0);
  await stream(turn, introduction(turn));
  await plan(turn, 1);
  await listFiles(turn);
  await plan(turn, 2);
  const outcome = await writeFile(turn);
  if (outcome === 'cancelled' || turn.signal.aborted) return 'cancelled';
  await plan(turn, 3);
  await stream(turn, closing(outcome));
  await turn.update({
    sessionUpdate: 'usage_update',
    used: used(turn),
    size: 8000,
    cost: { amount: 0, currency: 'USD' },
  });
  return 'end_turn';
}

/** Words stand for tokens: there is no model that would count them. */
export function used(turn: DemoTurn): number {
  return [...turn.earlier, turn.prompt].join(' ').split(/\s+/).filter(Boolean).length;
}

function introduction({ prompt, earlier }: DemoTurn): string {
  const asked = prompt.replace(/\s+/g, ' ').trim().slice(0, ECHOED_CHARS);
  const before =
    earlier.length === 0
      ? ''
      : ` Before that you asked: ${earlier.map((text) => `“${text.slice(0, 60)}”`).join(', ')}.`;
  return (
    `I am Perch's built-in demo agent: a real process in the real sandbox, but without a model, so I do not think. ` +
    `You asked: “${asked}”.${before} I will show what a turn looks like: a plan, a tool call and a permission. `
  );
}

function closing(outcome: 'written' | 'left alone' | 'failed'): string {
  const what = {
    written: `I wrote ${FILE_NAME} into your working directory, as you allowed.`,
    'left alone': `You did not allow ${FILE_NAME}, so I left it alone.`,
    failed: `You allowed ${FILE_NAME}, but it could not be written.`,
  }[outcome];
  return `\n${what} That is all a demo agent can do; type /help for more.\n`;
}

async function plan(turn: DemoTurn, done: number): Promise<void> {
  const status = (index: number): PlanEntry['status'] =>
    index < done ? 'completed' : index === done ? 'in_progress' : 'pending';
  const entries = STEPS.map((content, index) => ({ content, priority: 'medium' as const, status: status(index) }));
  await turn.update({ sessionUpdate: 'plan', entries });
}

async function listFiles(turn: DemoTurn): Promise<void> {
  const toolCallId = `list-${turn.earlier.length + 1}`;
  await turn.update({
    sessionUpdate: 'tool_call',
    toolCallId,
    title: 'List the working directory',
    kind: 'read',
    status: 'in_progress',
    locations: [{ path: turn.workingDirectory }],
  });
  const names = readdirSync(turn.workingDirectory).sort();
  const text = names.length === 0 ? '(empty)' : names.slice(0, 50).join('\n');
  await turn.update({
    sessionUpdate: 'tool_call_update',
    toolCallId,
    status: 'completed',
    content: [{ type: 'content', content: { type: 'text', text } }],
  });
  await say(turn, `Your working directory has ${names.length} entries. `);
}

async function writeFile(turn: DemoTurn): Promise<'written' | 'left alone' | 'failed' | 'cancelled'> {
  const toolCallId = `write-${turn.earlier.length + 1}`;
  const path = join(turn.workingDirectory, FILE_NAME);
  const newText = `Perch's demo agent was here. Prompt ${turn.earlier.length + 1} of its session.\n`;
  const call = { toolCallId, title: `Write ${FILE_NAME}`, kind: 'edit' as const, locations: [{ path }] };
  await turn.update({
    ...call,
    sessionUpdate: 'tool_call',
    status: 'pending',
    content: [{ type: 'diff', path, newText }],
  });
  const answer = await turn.ask({ ...call, status: 'pending' });
  const finish = (status: 'completed' | 'failed'): Promise<void> =>
    turn.update({ sessionUpdate: 'tool_call_update', toolCallId, status });
  if (answer !== 'allowed') {
    await finish('failed');
    return answer === 'cancelled' ? 'cancelled' : 'left alone';
  }
  try {
    writeFileSync(path, newText);
  } catch {
    await finish('failed');
    return 'failed';
  }
  await finish('completed');
  return 'written';
}
