import { defined } from '../../../shared/defined.ts';
import type { RefusedHost } from '../../../shared/model/egress.ts';
import type { AgentEvent } from '../../../shared/model/run-event.ts';
import type { RunnerNotificationParams } from '../../../shared/runner-protocol/protocol.ts';
import type { Clock } from '../../node/clock.ts';
import type { LogStore } from '../storage/logs/log-store.ts';
import type { ActiveTurn } from './active-turn.ts';
import type { ActiveTurns } from './active-turns.ts';
import type { BackgroundFollower } from './background.ts';
import { noteLine } from './cause-line.ts';
import type { Ending } from './ending.ts';
import type { TurnRunner } from './ports.ts';
import type { Recorder } from './recorder.ts';
import type { Sessions } from './sessions.ts';

/** Milliseconds from an agent's exit to the end of its turn, if the runner does not answer the prompt by then. */
export const EXIT_LIMIT_MS = 2000;

/** Follows the runner's notifications: events of turns, lines of session logs, agents that are gone. Returns a stop. */
export function followRunner(options: {
  runner: TurnRunner;
  active: Pick<ActiveTurns, 'get' | 'inAgentOf'>;
  sessions: Sessions;
  background: Pick<BackgroundFollower, 'told'>;
  recorder: Recorder;
  ending: Ending;
  logs: LogStore;
  clock: Clock;
  /** The turn's agent asks for this host by itself. */
  isOwnTraffic: (turn: ActiveTurn | undefined, host: string) => boolean;
}): () => void {
  const { runner, active, sessions, background, recorder, ending, logs, clock, isOwnTraffic } = options;

  function onTurnEvent({ sessionId, turnId, event }: RunnerNotificationParams<'turn.event'>): void {
    const turn = active.get(turnId);
    if (turn === undefined || turn.sessionId !== sessionId || turn.phase !== 'prompting') {
      const message = `An event (${event.type}) of a turn that does not run was dropped`;
      logs.writer(`session:${sessionId}`).write({ level: 'info', source: 'turn', message, turnId });
      return;
    }
    followTools(turn, event);
    try {
      recorder.record(turn, event);
    } catch (error) {
      // An agent may not go on with work that cannot be recorded.
      void sessions.close(sessionId);
      ending.threw(turn, error);
    }
  }

  function onLogLine({ sessionId, turnId, level, source, message }: RunnerNotificationParams<'log.line'>): void {
    // Lines without a session are the runner's own; its supervisor keeps them.
    if (sessionId === undefined) return;
    const turn = turnId === undefined ? active.inAgentOf(sessionId) : active.get(turnId);
    const of = turnId ?? turn?.turnId;
    const line = { level, source, message, ...defined({ turnId: of }) };
    const position = logs.writer(`session:${sessionId}`).write(line);
    if (turn !== undefined) turn.trouble = noteLine(turn.trouble, line, position);
  }

  function onRefused({ sessionId, turnId, host, port, reason }: RunnerNotificationParams<'egress.refused'>): void {
    const turn = turnId === undefined ? active.inAgentOf(sessionId) : active.get(turnId);
    const of = turn === undefined ? {} : { turnId: turn.turnId };
    const message = `the host ${host}:${port} was refused (${reason})`;
    const level = isOwnTraffic(turn, host) ? 'debug' : 'warn';
    logs.writer(`session:${sessionId}`).write({ level, source: 'egress', message, ...of });
    if (level === 'debug' || turn?.sessionId !== sessionId || turn.phase !== 'prompting') return;
    onTurnEvent({ sessionId, turnId: turn.turnId, event: refusedNotice({ host, port, reason }) });
  }

  function onSecretFound({ sessionId, turnId, variable, where }: RunnerNotificationParams<'secret.found'>): void {
    const turn = turnId === undefined ? active.inAgentOf(sessionId) : active.get(turnId);
    const of = turn === undefined ? {} : { turnId: turn.turnId };
    const message = `the value of ${variable} turned up in the agent's ${where} and was masked`;
    logs.writer(`session:${sessionId}`).write({ level: 'warn', source: 'leak', message, ...of });
    if (turn === undefined || turn.sessionId !== sessionId || turn.phase !== 'prompting') return;
    const event: AgentEvent = { type: 'notice', level: 'warn', key: `notice.leak-${where}`, values: { variable } };
    onTurnEvent({ sessionId, turnId: turn.turnId, event });
  }

  function onExited({ sessionId, exitCode, signal }: RunnerNotificationParams<'session.exited'>): void {
    sessions.forget(sessionId);
    const turn = active.inAgentOf(sessionId);
    const message = `The agent is gone (exit code ${exitCode ?? 'none'}, signal ${signal ?? 'none'})`;
    const of = turn === undefined ? {} : { turnId: turn.turnId };
    logs.writer(`session:${sessionId}`).write({ level: turn ? 'error' : 'info', source: 'turn', message, ...of });
    if (turn?.phase !== 'prompting') return;
    const cause = {
      error: { code: 'AGENT_EXITED', values: { agent: turn.agentId } },
      ...(exitCode === null ? {} : { exitCode }),
      ...(signal === null ? {} : { signal }),
    } as const;
    const { attempt } = turn;
    const stopTimer = clock.after(EXIT_LIMIT_MS, () => {
      // Meanwhile the turn may have gone to another agent.
      if (turn.attempt === attempt) ending.failed(turn, cause);
    });
    void turn.finished.promise.then(stopTimer);
  }

  const stops = [
    runner.onNotification('turn.event', onTurnEvent),
    runner.onNotification('log.line', onLogLine),
    runner.onNotification('egress.refused', onRefused),
    runner.onNotification('secret.found', onSecretFound),
    runner.onNotification('session.exited', onExited),
    runner.onNotification('session.background', background.told),
    runner.onStatus(() => {
      if (runner.status.kind !== 'connected') sessions.forgetAll();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function followTools({ tools }: ActiveTurn, event: AgentEvent): void {
  if (event.type !== 'tool.call' && event.type !== 'tool.update') return;
  const { toolCallId, status } = event;
  if (status === 'completed' || status === 'failed') tools.delete(toolCallId);
  else if (event.type === 'tool.call' || status !== undefined) tools.add(toolCallId);
}

function refusedNotice({ host, port, reason }: RefusedHost): AgentEvent {
  const key = reason === 'not-allowed' || reason === 'port' ? 'notice.host-refused' : `notice.host-refused-${reason}`;
  return { type: 'notice', level: 'warn', key, values: { host, port } };
}
