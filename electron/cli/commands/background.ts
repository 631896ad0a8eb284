import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { BackgroundAction, BackgroundSession } from '../../../shared/model/background.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { oneLine, terminalJson } from '../terminal/output.ts';
import { writeTable } from '../terminal/table.ts';

/** The processes that turns left running, by session. */
export const backgroundList: Command = async (context) => {
  const { client } = await context.openCore();
  const { sessions } = await client.call('turns.listBackground', {});
  if (context.values.json === true) context.stdout.line(terminalJson({ sessions }));
  else show(context, sessions);
  return EXIT.ok;
};

/** The process names its session: `keep` and `pause` are for all that the session left running. */
export function backgroundDo(action: BackgroundAction['action']): Command {
  return async (context) => {
    const [named = ''] = context.operands;
    const { client } = await context.openCore();
    const { sessions } = await client.call('turns.listBackground', {});
    const matching = sessions.flatMap((session) =>
      session.processes.filter(({ processId }) => processId === named).map((process) => ({ session, process })),
    );
    const [found] = matching;
    if (found === undefined) throw new PerchError('BACKGROUND_GONE');
    const { sessionId } = found.session;
    const act: BackgroundAction = action === 'stop' ? { action, processId: found.process.processId } : { action };
    await client.call('turns.background', { sessionId, act });
    const { sessions: now } = await client.call('turns.listBackground', {});
    const left = now.filter((session) => session.sessionId === sessionId);
    if (context.values.json === true) context.stdout.line(terminalJson({ sessions: left }));
    else {
      if (action === 'stop')
        context.stdout.line(context.t('cli.background.stopped', { command: oneLine(found.process.command, 300) }));
      if (action !== 'stop' || left.length > 0) show(context, left);
    }
    return EXIT.ok;
  };
}

function show(context: Context, sessions: readonly BackgroundSession[]): void {
  const { stdout, t } = context;
  const rows = sessions.flatMap((session) =>
    session.processes.map(({ processId, command, ports }) => [
      processId,
      t(`cli.background.${session.state}`),
      oneLine(command, 200),
      ports.join(', '),
      session.agentId,
      oneLine(session.projectDir, 200),
    ]),
  );
  if (rows.length === 0) stdout.line(t('cli.background.none'));
  else
    writeTable(
      stdout,
      ['process', 'state', 'command', 'ports', 'agent', 'project'].map((one) => t(`cli.background.${one}`)),
      rows,
    );
  for (const { state, projectDir, protected: names } of sessions) {
    if (state === 'running' && names.length > 0) {
      stdout.line(t('cli.background.protected', { project: oneLine(projectDir, 200), names: names.join(', ') }));
    }
  }
}
