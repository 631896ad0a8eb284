import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../shared/redaction/redactor.ts';
import type { PromptResult } from '../../../shared/runner-protocol/protocol.ts';
import type { TerminalExit } from '../../../shared/runner-protocol/terminals.ts';
import { createNoSandbox } from '../sandbox/off.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import type { RunnerUnderTest } from '../testing/runner-process.ts';
import { type StartOptions, startParams, type TestFolders } from '../testing/session-params.ts';
import { withRunner } from '../testing/set-up.ts';
import type { Terminal } from './terminal.ts';
import { launchTerminalSession } from './terminal-session.ts';

let runner: RunnerUnderTest;
let folders: TestFolders;
withRunner(
  (own) => {
    ({ runner, folders } = own);
  },
  { isQuiet: true },
);

const OFF = { policy: { enforcement: 'off' } } as const;
const WORLDS = [
  ['in the sandbox', {}],
  ['without a sandbox', OFF],
] as const;

/** The same in this process, where the time is the test's. */
async function launchHere(source: string, rules?: { maxMinutes: number }) {
  const script = join(folders.project, 'program.mjs');
  writeFileSync(script, source);
  const clock = createManualClock();
  const attached: Terminal[] = [];
  const redactor = createRedactor({ shapes: [] });
  const launched = await launchTerminalSession(
    startParams({ folders, script, ...OFF, launch: { adapter: 'terminal' } }),
    {
      sandbox: createNoSandbox(),
      fence: {},
      clock,
      newId: randomUUID,
      redact: redactor.redact,
      mask: redactor,
      errorMask: redactor,
      watchProcess: () => {},
      log: () => {},
      terminals: {
        attach(_, terminal) {
          attached.push(terminal);
          return () => {};
        },
      },
    },
  );
  const session = await launched.opened;
  const turnRules = rules === undefined ? undefined : { mode: 'ask' as const, ...rules };
  const result = session.prompt({ prompt: '', rules: turnRules, emit: () => {} });
  let text = '';
  const until = async (part: string): Promise<void> => {
    while (!text.includes(part)) text += (await attached[0]?.read())?.output ?? '';
  };
  return { session, result, clock, until };
}

const DEAF = `process.on('SIGINT', () => console.log('heard it')).on('SIGHUP', () => {}).on('SIGTERM', () => {});
  setInterval(() => {}, 1e6);
  console.log('up');`;

interface Running {
  readonly sessionId: string;
  readonly turnId: string;
  readonly result: Promise<PromptResult>;
  /** Reads until the part was shown, or to the end. */
  until(part: string): Promise<string>;
  toEnd(): Promise<{ text: string; exit: TerminalExit }>;
}

/** A JavaScript program as an agent in a terminal, with its prompt under way. */
async function run(
  source: string,
  options: Partial<StartOptions> = {},
  rules?: { maxMinutes: number },
): Promise<Running> {
  const script = join(folders.project, 'program.mjs');
  writeFileSync(script, source);
  const params = startParams({ folders, script, ...options, launch: { adapter: 'terminal', ...options.launch } });
  const { sessionId } = params;
  await runner.request('session.start', params);
  const turnId = randomUUID();
  const asked = { sessionId, turnId, prompt: 'typed by the core' };
  const result = runner.request('session.prompt', {
    ...asked,
    ...(rules === undefined ? {} : { rules: { mode: 'ask' as const, ...rules } }),
  });
  let text = '';
  let exit: TerminalExit | undefined;
  const read = async () => {
    const part = await runner.request('terminal.read', { terminalId: sessionId });
    text += part.output;
    exit = part.exit;
  };
  return {
    sessionId,
    turnId,
    result,
    async until(part) {
      while (!text.includes(part)) {
        if (exit !== undefined) throw new Error(`it ended without saying ${part}: ${text}`);
        await read();
      }
      return text;
    },
    async toEnd() {
      while (exit === undefined) await read();
      return { text, exit };
    },
  };
}

describe.each(WORLDS)('a program in a terminal as an agent, %s', (_name, world) => {
  it('is typed into, hears of a new size, and has completed when it ends well', async () => {
    const running = await run(
      `process.stdout.on('resize', () => console.log('now ' + process.stdout.columns));
       process.stdin.on('data', (line) => {
         console.log('said ' + String(line).trim());
         if (String(line).includes('quit')) process.exit(0);
       });
       console.log(['tty', process.stdin.isTTY, process.stdout.columns].join(' '));`,
      world,
    );
    const terminalId = running.sessionId;
    await running.until('tty true 100');
    await runner.request('terminal.resize', { terminalId, size: { columns: 77, rows: 20 } });
    await running.until('now 77');
    await runner.request('terminal.write', { terminalId, data: 'quit\r' });
    expect((await running.toEnd()).text).toContain('said quit');
    expect(await running.result).toEqual({ outcome: 'completed', stopReason: 'end_turn' });
  });

  it('has failed when it ends otherwise, and says how', async () => {
    const running = await run('process.exit(7)', world);
    await running.toEnd();
    expect(await running.result).toMatchObject({
      outcome: 'failed',
      error: { code: 'TERMINAL_PROGRAM_FAILED', values: { how: 'code 7' } },
      exitCode: 7,
    });
  });
});

it('may be done before it was asked anything: nothing of it is lost', async () => {
  const script = join(folders.project, 'program.mjs');
  writeFileSync(script, `console.log('all I had to say')`);
  const params = startParams({ folders, script, ...OFF, launch: { adapter: 'terminal' } });
  const { sessionId } = params;
  await runner.request('session.start', params);
  await runner.seen(({ name, params: line }) => name === 'log.line' && String(line.message).includes('ended: code 0'));
  const result = runner.request('session.prompt', { sessionId, turnId: randomUUID(), prompt: '' });
  const { output } = await runner.request('terminal.read', { terminalId: sessionId });
  expect(output).toContain('all I had to say');
  expect(await result).toEqual({ outcome: 'completed', stopReason: 'end_turn' });
});

it('tells of a secret of the session in what it shows, however it is coloured', async () => {
  const value = 'a-value-nobody-may-see';
  const running = await run(
    `const value = process.env.THE_KEY;
     process.stdout.write('\\u001b[31m' + value.slice(0, 5));
     process.stdout.write('\\u001b[0m' + value.slice(5) + '\\n');`,
    { environment: { THE_KEY: value }, secretNames: ['THE_KEY'] },
  );
  const { params } = await runner.seen(({ name }) => name === 'secret.found');
  expect(params).toMatchObject({ sessionId: running.sessionId, variable: 'THE_KEY', where: 'output' });
  await running.toEnd();
  await running.result;
  const logged = JSON.stringify(runner.notifications.filter(({ name }) => name === 'log.line'));
  expect(logged).not.toContain(value);
});

it('is of no use to anybody once its session is closed', async () => {
  const running = await run('setInterval(() => {}, 1e6); console.log("up")', OFF);
  await running.until('up');
  await runner.request('session.close', { sessionId: running.sessionId });
  expect(await running.result).toEqual({ outcome: 'cancelled' });
  await running.toEnd();
  const write = runner.request('terminal.write', { terminalId: running.sessionId, data: 'x' });
  await expect(write).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

describe('the end that is asked for', () => {
  it('is asked for with the interrupt key, and waited for', async () => {
    const { session, result, until } = await launchHere(
      `process.on('SIGINT', () => { console.log('tidied up'); process.exit(0); });
       setInterval(() => {}, 1e6);
       console.log('up');`,
    );
    await until('up');
    session.cancel();
    await until('tidied up');
    expect(await result).toEqual({ outcome: 'cancelled' });
  });

  it('is made when the program does not care', async () => {
    const { session, result, clock, until } = await launchHere(DEAF);
    await until('up');
    session.cancel();
    session.cancel();
    await until('heard it');
    clock.advance(1000);
    expect(await result).toEqual({ outcome: 'cancelled' });
  });

  it('comes after the minutes that the user allows, and says so', async () => {
    const { result, clock, until } = await launchHere(DEAF, { maxMinutes: 2 });
    await until('up');
    clock.advance(2 * 60_000);
    await until('heard it');
    clock.advance(1000);
    expect(await result).toMatchObject({
      outcome: 'failed',
      error: { code: 'TURN_LIMIT_MINUTES', values: { limit: 2 } },
    });
  });
});
