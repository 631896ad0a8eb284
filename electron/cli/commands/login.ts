import { assertNever } from '../../../shared/assert-never.ts';
import type { Result } from '../../../shared/contract/methods.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { describeErrorWithCode } from '../../../shared/i18n/describe-error.ts';
import type { AgentView } from '../../../shared/model/agent.ts';
import type { Client } from '../../core/api/client.ts';
import { parseScope } from '../arguments/scope.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { joinTerminal, sizeOf } from '../terminal/join.ts';
import { oneLine, terminalJson } from '../terminal/output.ts';
import { UsageError } from '../usage-error.ts';

type Screen = Result<'terminals.read'>;

/** The user's own terminal, joined to the core's: what is painted on it has passed the same filter as in the window. */
export const agentsLogin: Command = async (context) => {
  const { values, operands, stdin, stderr, t, openCore } = context;
  // The screen is painted on stderr, so that stdout belongs to what came of it.
  if (stdin.isTTY !== true || !stderr.isTerminal) throw new UsageError('login-needs-terminal');
  const scope = parseScope(values.scope ?? 'global', context.cwd);
  if (scope === undefined) throw new UsageError('scope');
  const { client, hosted } = await openCore();
  if (hosted && values['session-only'] === true) throw new UsageError('session-only-without-app');
  const { agent, wayId } = await wayOf(client, operands[0] ?? '', values.way);
  await runnerConnected(client);
  stderr.line(t('cli.login.about', { agent: agent.name }));
  if (agent.ownLogin?.ways.some((way) => way.wayId === wayId && way.prints !== undefined)) {
    stderr.line(stderr.style('yellow', t('cli.login.terms')));
  }
  const { terminalId } = await client.call('terminals.start', {
    agentId: agent.agentId,
    wayId,
    scope,
    storage: values['session-only'] === true ? 'session-only' : 'keychain',
    size: sizeOf(stderr),
  });
  const byId = { terminalId };
  const screen = await joinTerminal({
    stdin,
    output: stderr,
    program: {
      read: (after) => client.call('terminals.read', { ...byId, after }),
      write: (data) => client.call('terminals.write', { ...byId, data }),
      resize: (size) => client.call('terminals.resize', { ...byId, size }),
      leave: () => client.call('terminals.close', byId),
    },
  });
  await client.call('terminals.close', { terminalId });
  return tell(context, { agent, wayId, screen });
};

/** Removes what the agent's own login left. */
export const agentsLogout: Command = async ({ operands, values, stdout, t, openCore }) => {
  const { client } = await openCore();
  const agent = await agentOf(client, operands[0] ?? '');
  const files = agent.ownLogin?.files ?? [];
  await client.call('terminals.signOut', { agentId: agent.agentId });
  if (values.json === true) stdout.line(terminalJson({ agentId: agent.agentId, removed: files }));
  else stdout.line(t(files.length === 0 ? 'cli.logout.none' : 'cli.logout.done', { agent: agent.name }));
  return EXIT.ok;
};

/** @throws PerchError AGENT_UNKNOWN */
async function agentOf(client: Client, agentId: string): Promise<AgentView> {
  const { agents } = await client.call('agents.list', {});
  const agent = agents.find((one) => one.agentId === agentId);
  if (agent !== undefined) return agent;
  const known = agents.map((one) => one.agentId).join(', ');
  throw new PerchError('AGENT_UNKNOWN', { agentId: oneLine(agentId, 40), known });
}

/** @throws PerchError AGENT_UNKNOWN, LOGIN_UNKNOWN */
async function wayOf(client: Client, agentId: string, wanted: string | undefined) {
  const agent = await agentOf(client, agentId);
  const ways = agent.ownLogin?.ways ?? [];
  const way = wanted === undefined ? ways[0] : ways.find(({ wayId }) => wayId === wanted);
  if (way !== undefined) return { agent, wayId: way.wayId };
  const known = ways.map(({ wayId }) => wayId).join(', ') || '-';
  throw new PerchError('LOGIN_UNKNOWN', { agent: agent.name, known });
}

/** A core that has just started has no runner yet. */
async function runnerConnected(client: Client): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  promise.catch(() => {}); // may be rejected before it is awaited
  const isUp = (kind: string) => kind === 'connected' || kind === 'needs-sign-in';
  const isDown = (kind: string) => kind === 'failed' || kind === 'stopped';
  const look = (kind: string) => {
    if (isUp(kind)) resolve();
    if (isDown(kind)) reject(new PerchError('RUNNER_NOT_CONNECTED'));
  };
  const off = client.onEvent((event) => {
    if (event.type === 'state' && event.slice === 'connection') look(event.value.kind);
  });
  void client.closed.then((reason) => reject(new PerchError('CORE_UNREACHABLE', {}, { cause: reason })));
  const { snapshot } = await client.call('events.subscribe', {});
  if (snapshot !== undefined) look(snapshot.connection.kind);
  await promise;
  off();
}

function tell(
  { stdout, stderr, values, t }: Context,
  { agent, wayId, screen }: { agent: AgentView; wayId: string; screen: Screen },
): number {
  const { progress, capture } = screen;
  const ok = progress.state === 'ended' && progress.exitCode === 0 && capture.state !== 'failed';
  if (values.json === true) {
    stdout.line(terminalJson({ agentId: agent.agentId, wayId, progress, capture }));
    return ok ? EXIT.ok : EXIT.failed;
  }
  switch (capture.state) {
    case 'stored': {
      const { variable, masked, providerId } = capture.credential;
      stdout.line(t('cli.login.stored', { variable, masked, providerId }));
      break;
    }
    case 'failed':
      stderr.line(stderr.style('red', describeErrorWithCode(capture.error, t)));
      stderr.line(t('cli.login.forgotten'));
      break;
    case 'none':
    case 'storing':
      break;
    default:
      assertNever(capture);
  }
  if (progress.state === 'ended') {
    stdout.line(t(progress.exitCode === 0 ? 'cli.login.ended' : 'cli.login.failed', { code: progress.exitCode }));
  } else if (progress.state === 'lost') stderr.line(stderr.style('red', describeErrorWithCode(progress.error, t)));
  else stdout.line(t('cli.login.left'));
  return ok ? EXIT.ok : EXIT.failed;
}
