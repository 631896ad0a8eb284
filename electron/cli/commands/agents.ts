import { PerchError } from '../../../shared/errors/perch-error.ts';
import { describeErrorWithCode } from '../../../shared/i18n/describe-error.ts';
import type { Translate } from '../../../shared/i18n/translate.ts';
import type { AgentView } from '../../../shared/model/agent.ts';
import type { ConnectionState } from '../../../shared/model/connection-state.ts';
import { agentCondition, CONDITION_TONES, type StateTone } from '../../../shared/model/one-state.ts';
import { reportedDefault } from '../../../shared/model/reported-default.ts';
import type { TurnSummary } from '../../../shared/model/run-event.ts';
import type { Client } from '../../core/api/client.ts';
import type { Command } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { oneLine, type Style, terminalJson } from '../terminal/output.ts';
import { type Cell, writeTable } from '../terminal/table.ts';

/** Looks for the agents anew, so that one that was just installed is seen. */
export const agents: Command = async ({ values, cwd, t, stdout, openCore }) => {
  const { client } = await openCore();
  const turns = await sandboxKnown(client);
  const found = (await client.call('agents.refresh', { projectDir: cwd })).agents;
  if (values.json === true) {
    stdout.line(terminalJson({ agents: found }));
    return EXIT.ok;
  }
  const heading = ['id', 'name', 'state', 'version', 'model', 'provider'].map((column) => t(`cli.agents.${column}`));
  writeTable(
    stdout,
    heading,
    found.map((agent) => row(agent, turns, t)),
  );
  const inTrouble = found.filter(({ readiness, cannotStart }) => readiness.state === 'not-ready' || cannotStart);
  if (inTrouble.length > 0) stdout.line();
  for (const { agentId, readiness, cannotStart, install, installation } of inTrouble) {
    const error = readiness.state === 'not-ready' ? readiness.error : cannotStart;
    if (error === undefined) continue;
    stdout.line(`${stdout.style('bold', agentId)}: ${describeErrorWithCode(error, t)}`);
    if (install !== undefined && installation.state === 'missing') {
      stdout.line(`  ${t('cli.agents.perch-installs', { line: `perch agents install ${agentId}` })}`);
    }
  }
  return EXIT.ok;
};

/**
 * The readiness of an agent depends on the sandbox, which a core that has just started is still trying out. When the
 * runner that tries it does not come up, the answer stays open. Answers with the last turns.
 */
async function sandboxKnown(client: Client): Promise<readonly TurnSummary[]> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  promise.catch(() => {}); // may be rejected before it is awaited
  const off = client.onEvent((event) => {
    if (event.type !== 'state') return;
    if (event.slice === 'host' && event.value.sandbox.state !== 'checking') resolve();
    if (event.slice === 'connection' && isDown(event.value)) resolve();
  });
  void client.closed.then((reason) => reject(new PerchError('CORE_UNREACHABLE', {}, { cause: reason })));
  const { snapshot } = await client.call('events.subscribe', {});
  if (snapshot !== undefined && (snapshot.host.sandbox.state !== 'checking' || isDown(snapshot.connection))) resolve();
  await promise;
  off();
  return snapshot?.turns ?? [];
}

function isDown({ kind }: ConnectionState): boolean {
  return kind === 'reconnecting' || kind === 'failed' || kind === 'stopped';
}

function row(agent: AgentView, turns: readonly TurnSummary[], t: Translate): (Cell | string)[] {
  const { installation, effective, demo } = agent;
  const version = installation.state === 'found' ? (installation.version ?? '') : '';
  const ownDefault = agent.terminal === true ? '—' : t('cli.agents.own-default');
  const told = reportedDefault(agent, turns);
  const byDefault = told === undefined ? ownDefault : t('cli.agents.reported-default', { model: told });
  const model = effective.model === '' ? byDefault : effective.model;
  const name = demo ? t('cli.agents.demo', { name: agent.name }) : agent.name;
  return [agent.agentId, name, state(agent, t), oneLine(version, 40), oneLine(model, 60), effective.providerId ?? ''];
}

const STYLES: Readonly<Record<StateTone, Style>> = {
  good: 'green',
  busy: 'dim',
  warn: 'yellow',
  bad: 'red',
  idle: 'dim',
};

function state(agent: AgentView, t: Translate): Cell {
  const condition = agentCondition(agent);
  const style = condition === 'missing' ? 'dim' : STYLES[CONDITION_TONES[condition]];
  return { text: t(`cli.agents.${condition}`), style };
}
