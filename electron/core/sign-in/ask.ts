import type { Clock } from '../../node/clock.ts';
import type { StatusAnswer } from '../agents/login/own-logins.ts';
import type { PreparedLogin } from '../agents/login/prepare.ts';
import type { Random } from '../ports.ts';
import type { RunnerSupervisor } from '../runner-host/supervisor.ts';

const SIZE = { columns: 400, rows: 50 };
/** Milliseconds. OpenCode takes four seconds to say anything at all. */
const LIMIT_MS = 30_000;
/** Characters; a status is some lines. */
const MAX_OUTPUT = 64 * 1024;

/**
 * Runs an agent's program in a terminal to its end and answers its output, which is shown nowhere.
 * @throws PerchError of the runner; Error when it did not end in time
 */
export async function askProgram(
  prepared: PreparedLogin,
  options: { runner: Pick<RunnerSupervisor, 'request'>; clock: Clock; random: Random },
): Promise<StatusAnswer> {
  const { runner, clock, random } = options;
  const terminalId = random.uuid();
  const { command, args, stateFiles, environment, policy } = prepared;
  const { workingDirectory } = policy;
  await runner.request('terminal.start', {
    ...{ terminalId, command, args, stateFiles, environment, policy, workingDirectory },
    size: SIZE,
  });
  const late = Promise.withResolvers<never>();
  const stopTimer = clock.after(LIMIT_MS, () => late.reject(new Error(`no answer in ${LIMIT_MS / 1000} s`)));
  try {
    let output = '';
    for (;;) {
      const next = await Promise.race([runner.request('terminal.read', { terminalId }), late.promise]);
      output = (output + next.output).slice(-MAX_OUTPUT);
      if (next.exit !== undefined) return { output, exitCode: next.exit.exitCode };
    }
  } finally {
    stopTimer();
    void runner.request('terminal.close', { terminalId }).catch(() => {}); // a runner that is gone took it along
  }
}
