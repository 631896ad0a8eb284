import { describe, expect, test } from 'vitest';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { RunEvent, TurnSummary } from '../../../shared/model/run-event.ts';
import { commandLine, TURN_ID } from '../testing/command-line.ts';

const SUMMARY: TurnSummary = {
  turnId: TURN_ID,
  sessionId: '7b0f6f0e-4f0e-4c46-9d6a-0d8a4ff5a009',
  agentId: 'demo',
  model: '',
  projectDir: '/projects/here/web',
  promptPreview: '',
  status: 'running',
  acceptedAt: 1,
  lastSeq: 1,
};
const ENDED: RunEvent = { type: 'turn.ended', result: { outcome: 'completed', stopReason: 'end_turn' } };

/** A core in which such turns are, and that ends every new one at once. */
function core(turns: TurnSummary[], create?: () => Promise<{ projectDir: string; branch: string }>) {
  const places: (string | undefined)[] = [];
  const cli = commandLine({
    input: '',
    handlers: {
      'turns.submit': async ({ projectDir }) => {
        places.push(projectDir);
        cli.app.hub.publishRun({ turnId: TURN_ID, seq: 1, at: 1, event: ENDED });
        return { turn: SUMMARY };
      },
      ...(create === undefined ? {} : { 'worktrees.create': create }),
    },
  });
  cli.app.hub.set('turns', turns);
  return { cli, places };
}

describe('the folder of a turn', () => {
  test('a word on stderr when another agent is at work there, and the turn runs all the same', async () => {
    const { cli, places } = core([SUMMARY]);
    expect(await cli.run('run', '--agent', 'demo', '--json', 'hi')).toBe(0);
    expect(await cli.err()).toContain('demo is working in this folder: both would change the same files.');
    expect(places).toEqual(['/projects/here']);
  });

  test.each([
    ['one that has ended', { ...SUMMARY, status: 'completed' as const }],
    ['one beside it', { ...SUMMARY, projectDir: '/projects/here-perch-1' }],
  ])('no word of %s', async (_name, turn) => {
    const { cli } = core([turn]);
    expect(await cli.run('run', '--agent', 'demo', '--json', 'hi')).toBe(0);
    expect(await cli.err()).not.toContain('is working in this folder');
  });

  test('with --worktree a new one, with its path and branch', async () => {
    const { cli, places } = core([SUMMARY], async () => ({ projectDir: '/projects/here-perch-1', branch: 'perch/1' }));
    expect(await cli.run('run', '--agent', 'demo', '--worktree', 'hi')).toBe(0);
    expect(await cli.err()).toContain('/projects/here-perch-1, branch perch/1');
    expect(await cli.err()).not.toContain('is working in this folder');
    expect(places).toEqual(['/projects/here-perch-1']);
  });

  test('where there can be none nothing starts', async () => {
    const refusal = new PerchError('WORKTREE_NO_REPOSITORY', { directory: '/projects/here' });
    const { cli, places } = core([], () => Promise.reject(refusal));
    expect(await cli.run('run', '--agent', 'demo', '--worktree', 'hi')).toBe(3);
    expect(await cli.err()).toContain('WORKTREE_NO_REPOSITORY');
    expect(places).toEqual([]);
  });
});
