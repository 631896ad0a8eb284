import { describe, expect, test } from 'vitest';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { BackgroundSession } from '../../../shared/model/background.ts';
import { commandLine, TURN_ID } from '../testing/command-line.ts';

const DEV = { processId: '7-100', command: 'npm run dev', ports: [3000, 3001] };
const TESTS = { processId: '9-120', command: 'vitest --watch', ports: [] };
const OTHER = { processId: '8-110', command: 'python3 -m http.server', ports: [8000] };
const SESSION: BackgroundSession = {
  ...{ sessionId: '7b0f6f0e-4f0e-4c46-9d6a-0d8a4ff5a002', turnId: TURN_ID, agentId: 'codex', projectDir: '/p' },
  ...{ state: 'paused', processes: [DEV, TESTS], protected: ['.envrc', '.vscode'], ownNetwork: true },
};
const SECOND: BackgroundSession = {
  ...{ ...SESSION, sessionId: '7b0f6f0e-4f0e-4c46-9d6a-0d8a4ff5a003', agentId: 'opencode', projectDir: '/q' },
  ...{ state: 'running', processes: [OTHER] },
};

/** A core in which an action leaves its session as `next` says, and the others as they were. */
function answering(next: (session: BackgroundSession) => BackgroundSession | undefined = (session) => session) {
  let sessions: BackgroundSession[] = [SESSION, SECOND];
  return commandLine({
    handlers: {
      'turns.listBackground': async () => ({ sessions }),
      'turns.background': async ({ sessionId }) => {
        sessions = sessions.flatMap((session) => (session.sessionId === sessionId ? (next(session) ?? []) : [session]));
        return {};
      },
    },
  });
}
const asked = ({ calls }: ReturnType<typeof answering>) => calls.filter(({ method }) => method === 'turns.background');

describe('the list', () => {
  test('has every process of every session, and says which names are protected where one runs', async () => {
    const cli = answering();
    expect(await cli.run('background', 'list')).toBe(0);
    expect(await cli.out()).toBe(
      [
        'process  state    command                 ports       agent     folder',
        '7-100    paused   npm run dev             3000, 3001  codex     /p',
        '9-120    paused   vitest --watch                      codex     /p',
        '8-110    running  python3 -m http.server  8000        opencode  /q',
        'Meanwhile Perch keeps these names protected in /q: .envrc, .vscode',
        '',
      ].join('\n'),
    );
  });

  test('says that there is nothing', async () => {
    const cli = commandLine({ handlers: { 'turns.listBackground': async () => ({ sessions: [] }) } });
    expect(await cli.run('background', 'list')).toBe(0);
    expect(await cli.out()).toBe('There are no background processes.\n');
  });

  test('carries as JSON what the core answers', async () => {
    const cli = answering();
    expect(await cli.run('background', 'list', '--json')).toBe(0);
    expect(JSON.parse(await cli.out())).toEqual({ sessions: [SESSION, SECOND] });
  });

  test('writes a command that would move the cursor as text, on one line', async () => {
    const command = `sh -c 'echo\n\u001b[2Kx'`;
    const odd = { ...SESSION, processes: [{ ...DEV, command }] };
    const cli = commandLine({ handlers: { 'turns.listBackground': async () => ({ sessions: [odd] }) } });
    expect(await cli.run('background', 'list')).toBe(0);
    const out = await cli.out();
    expect(out).not.toContain('\u001b');
    expect(out.split('\n')).toHaveLength(3);
  });
});

describe('an action', () => {
  test('stop is for the one process, says what it stopped, and shows what is left of its session', async () => {
    const cli = answering((session) => ({ ...session, processes: [TESTS] }));
    expect(await cli.run('background', 'stop', '7-100')).toBe(0);
    expect(asked(cli)).toEqual([
      {
        method: 'turns.background',
        params: { sessionId: SESSION.sessionId, act: { action: 'stop', processId: '7-100' } },
      },
    ]);
    expect(await cli.out()).toBe(
      [
        'Ended: npm run dev',
        'process  state   command         ports  agent  folder',
        '9-120    paused  vitest --watch         codex  /p',
        '',
      ].join('\n'),
    );
  });

  test('the last of its session leaves nothing to show, whatever runs in others', async () => {
    const cli = answering(() => undefined);
    expect(await cli.run('background', 'stop', '8-110')).toBe(0);
    expect(await cli.out()).toBe('Ended: python3 -m http.server\n');
  });

  test.each(['keep', 'pause'] as const)('%s is for all of the session that the process is of', async (action) => {
    const state = action === 'keep' ? 'running' : 'paused';
    const cli = answering((session) => ({ ...session, state }));
    expect(await cli.run('background', action, '9-120')).toBe(0);
    expect(asked(cli)).toEqual([
      { method: 'turns.background', params: { sessionId: SESSION.sessionId, act: { action } } },
    ]);
    const out = await cli.out();
    expect(out).toMatch(new RegExp(`^7-100 +${state} .*\\n9-120 +${state} `, 'm'));
    expect(out).not.toContain('8-110');
    expect(out.includes('Meanwhile Perch keeps these names protected in /p: .envrc, .vscode')).toBe(action === 'keep');
  });

  test('carries as JSON the session as it is then', async () => {
    const cli = answering((session) => ({ ...session, state: 'running' }));
    expect(await cli.run('background', 'keep', '7-100', '--json')).toBe(0);
    expect(JSON.parse(await cli.out())).toEqual({ sessions: [{ ...SESSION, state: 'running' }] });
  });

  test.each(['stop', 'keep', 'pause'])('%s of a process that is gone is refused, and asks nothing', async (action) => {
    const cli = answering();
    expect(await cli.run('background', action, '7-999')).toBe(1);
    expect(asked(cli)).toEqual([]);
    expect(await cli.out()).toBe('');
    expect(await cli.err()).toContain('This process is no longer running.');
  });

  test('one that ended while it was asked for is told as that', async () => {
    const cli = commandLine({
      handlers: {
        'turns.listBackground': async () => ({ sessions: [SESSION] }),
        'turns.background': async () => {
          throw new PerchError('BACKGROUND_GONE');
        },
      },
    });
    expect(await cli.run('background', 'stop', '7-100')).toBe(1);
    expect(await cli.out()).toBe('');
    expect(await cli.err()).toContain('BACKGROUND_GONE');
  });

  test.each([
    ['background', 'stop'],
    ['background', 'keep'],
    ['background', 'pause'],
    ['background', 'stop', '7-100', '9-120'],
    ['background', 'list', '7-100'],
  ])('%s %s with the wrong number of words is not understood', async (...words) => {
    const cli = answering();
    expect(await cli.run(...words)).toBe(2);
    expect(cli.calls).toEqual([]);
  });
});
