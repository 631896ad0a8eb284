import type { Command } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { oneLine, terminalJson } from '../terminal/output.ts';
import { writeTable } from '../terminal/table.ts';

const COLUMNS = ['session', 'agent', 'variable', 'value', 'stale-because', 'turn'];

/** The agents that still hold the old value of a changed credential. */
export const credentialsSessions: Command = async ({ values, stdout, t, openCore }) => {
  const { client } = await openCore();
  const { sessions } = await client.call('credentials.staleSessions', {});
  if (values.json === true) stdout.line(terminalJson({ sessions }));
  else if (sessions.length === 0) stdout.line(t('cli.credentials.no-stale'));
  else {
    writeTable(
      stdout,
      COLUMNS.map((column) => t(`cli.credentials.${column}`)),
      sessions.map(({ sessionId, agentId, turnId = '', credential: { variable, masked }, reason }) => [
        sessionId,
        agentId,
        oneLine(variable, 60),
        masked,
        t(`cli.credentials.stale-${reason}`),
        turnId,
      ]),
    );
  }
  return EXIT.ok;
};

/** Ends them at once, with the turns that run in them. */
export const credentialsRestart: Command = async ({ values, stdout, t, openCore }) => {
  const { client } = await openCore();
  const { restarted } = await client.call('credentials.restartSessions', {});
  if (values.json === true) stdout.line(terminalJson({ restarted }));
  else if (restarted.length === 0) stdout.line(t('cli.credentials.no-stale'));
  else stdout.line(t('cli.credentials.restarted', { count: restarted.length }));
  return EXIT.ok;
};
