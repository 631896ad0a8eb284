import { defined } from '../../../shared/defined.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { TurnOutcome } from '../../../shared/model/run-event.ts';
import type { Continuation } from '../../../shared/runner-protocol/protocol.ts';
import type { Launch } from '../launch/launch.ts';
import type { LogStore } from '../storage/logs/log-store.ts';
import { type ActiveTurn, credentialUseOf } from './active-turn.ts';
import type { AwaitingCredential } from './awaiting-credential.ts';
import { whenConnected } from './connected.ts';
import type { Ending } from './ending.ts';
import type { CredentialUseNotes, TurnAgents, TurnCheckpoints, TurnRunner } from './ports.ts';
import type { Recorder } from './recorder.ts';
import type { OpenedSession, Sessions } from './sessions.ts';
import type { TurnTerminals } from './terminals.ts';

/** The agent may go on in the same conversation after these; after any other failure it is started anew. */
const SURVIVABLE: ReadonlySet<string> = new Set([
  'AGENT_REPORTED_ERROR',
  'PROVIDER_RATE_LIMITED',
  'PROVIDER_NO_CREDIT',
  'PROVIDER_OVERLOADED',
  'PROVIDER_SERVER_ERROR',
  'PROVIDER_CONNECTION_LOST',
  'PROVIDER_UNREACHABLE',
  'PROVIDER_TIMEOUT',
  'PROVIDER_FORBIDDEN',
  'MODEL_UNAVAILABLE',
  'AGENT_ENDED_WITHOUT_ANSWER',
  'PERMISSION_MODE_REFUSED',
  'TURN_LIMIT_MINUTES',
  'TURN_LIMIT_TOOL_CALLS',
]);

export type TurnDriver = ReturnType<typeof createTurnDriver>;

/** Takes an accepted turn to its end. Called when the turns before it in its session are over. Never rejects. */
export function createTurnDriver(options: {
  runner: TurnRunner;
  agents: TurnAgents;
  sessions: Sessions;
  recorder: Recorder;
  awaiting: Pick<AwaitingCredential, 'launch'>;
  ending: Ending;
  logs: LogStore;
  credentialUse: Pick<CredentialUseNotes, 'used'>;
  terminals: TurnTerminals;
  checkpoints: TurnCheckpoints;
  /** True when the session had turns before this one. */
  hadTurns: (turn: ActiveTurn) => boolean;
  /** The agent that is at work on the same files in another session; undefined: none is. */
  besides: (turn: ActiveTurn) => string | undefined;
}) {
  const {
    runner,
    agents,
    sessions,
    recorder,
    awaiting,
    ending,
    logs,
    credentialUse,
    terminals,
    checkpoints,
    hadTurns,
    besides,
  } = options;

  /** The plan from the submission may be outdated when the turn had to wait: a credential may be gone by now. */
  async function launchOf(turn: ActiveTurn, waited: boolean): Promise<Launch | undefined> {
    if (!waited && turn.launch !== undefined) return turn.launch;
    const { agentId, projectDir, requestedModel, requestedMode } = turn;
    const asked = {
      ...defined({ model: requestedModel, permissionMode: requestedMode }),
    };
    return awaiting.launch(turn, () => agents.prepareLaunch({ agentId, projectDir, ...asked }));
  }

  function noteSession(turn: ActiveTurn, { how, started, unset }: OpenedSession): void {
    const { agentName, agentVersion, pid, sandbox, continuation } = started;
    const { sessionId, turnId } = turn;
    const message = `${agentName} ${agentVersion ?? ''} answers with process ${pid} (${how})`;
    logs.writer(`session:${sessionId}`).write({ level: 'info', source: 'turn', message, turnId });
    if (unset.length > 0) {
      const names = unset.map(({ name }) => name).join(', ');
      const told = `Not set any more, unlike before in this conversation: ${names}`;
      logs.writer(`session:${sessionId}`).write({ level: 'info', source: 'turn', message: told, turnId });
    }
    // A program in a terminal has no conversation to go on with.
    const isNew = how === 'reused' || turn.terminal !== undefined || !hadTurns(turn);
    const key = isNew ? undefined : noticeOf(how, continuation);
    if (key !== undefined) recorder.record(turn, notice(key));
    if (how !== 'reused') {
      for (const { name, transport } of started.mcpUnsupported ?? []) {
        const values = { server: name, transport, agent: agentName };
        recorder.record(turn, { type: 'notice', level: 'warn', key: 'notice.mcp-unsupported', values });
      }
    }
    recorder.record(turn, {
      type: 'session.started',
      sessionId,
      agentName,
      ...defined({ agentVersion }),
      pid,
      sandbox,
      ...(turn.terminal === undefined ? {} : { terminal: true }),
    });
  }

  /** An agent that takes no instructions by itself gets them with the first prompt of a conversation, and they show. */
  function instruct(
    turn: ActiveTurn,
    { opened, instructions }: { opened: OpenedSession; instructions: string | undefined },
  ): void {
    const knowsThem = opened.how === 'reused' || opened.started.continuation === 'continued';
    if (instructions === undefined || knowsThem || turn.terminal !== undefined) return;
    turn.instructions = instructions;
    const values = { instructions };
    recorder.record(turn, { type: 'notice', level: 'info', key: 'notice.instructions-said', values });
  }

  async function openSession(turn: ActiveTurn, waited: boolean): Promise<void> {
    await whenConnected(runner, turn.finished.promise);
    if (isEnded(turn)) return;
    const launch = await launchOf(turn, waited);
    if (launch === undefined || isEnded(turn)) return;
    // The wait for a credential may have taken days.
    await whenConnected(runner, turn.finished.promise);
    if (isEnded(turn)) return;
    turn.phase = 'starting';
    turn.launch = undefined;
    turn.rules = launch.rules;
    for (const { level, key, values } of launch.notices) recorder.record(turn, { type: 'notice', level, key, values });
    const agent = besides(turn);
    if (agent !== undefined)
      recorder.record(turn, { type: 'notice', level: 'warn', key: 'notice.shared-folder', values: { agent } });
    // An agent that runs already holds the same ones: a launch with others has another fingerprint.
    turn.credentials = launch.credentials;
    turn.providerName = launch.providerName;
    const { sessionId, agentId, projectDir } = turn;
    const beforeStart = () => credentialUse.used(credentialUseOf(turn));
    // Beside the start of the agent, which takes as long.
    const checkpoint = checkpoints.before(turn);
    const opened = await sessions.open({ sessionId, agentId, projectDir, launch, beforeStart });
    const problem = await checkpoint;
    // The cancellation closed the session, maybe before the runner had it.
    if (isEnded(turn) || turn.cancelRequested) await sessions.close(sessionId);
    else {
      turn.terminal = launch.launch.adapter === 'terminal' ? terminals.open(turn, launch) : undefined;
      noteSession(turn, opened);
      // Once in a conversation.
      if (problem !== undefined && !hadTurns(turn)) recorder.record(turn, { type: 'notice', ...problem });
      instruct(turn, { opened, instructions: launch.instructions });
    }
  }

  /** `session-gone`: the agent of the reused session died unnoticed, and the prompt did not arrive. */
  async function prompt(turn: ActiveTurn): Promise<'over' | 'session-gone'> {
    turn.phase = 'prompting';
    turn.attempt += 1;
    const { sessionId, turnId, rules, instructions } = turn;
    const text = instructions === undefined ? turn.prompt : `${instructions}\n\n${turn.prompt}`;
    const request = { sessionId, turnId, prompt: text, ...defined({ rules }) };
    const answered = runner.request('session.prompt', request).then(
      async (result) => {
        // Its last words come first.
        await turn.terminal?.settled;
        ending.answered(turn, result);
        return 'over' as const;
      },
      (error: unknown) => {
        if (error instanceof PerchError && error.code === 'NOT_FOUND') return 'session-gone' as const;
        ending.threw(turn, error);
        return 'over' as const;
      },
    );
    turn.terminal?.prompted();
    return Promise.race([answered, turn.finished.promise.then(() => 'over' as const)]);
  }

  async function attempt(turn: ActiveTurn, waited: boolean): Promise<'over' | 'session-gone'> {
    await openSession(turn, waited);
    if (turn.cancelRequested) ending.cancelled(turn);
    return isEnded(turn) ? 'over' : prompt(turn);
  }

  async function runToEnd(turn: ActiveTurn, waited: boolean): Promise<void> {
    if ((await attempt(turn, waited)) === 'over') return;
    sessions.forget(turn.sessionId);
    turn.phase = 'queued';
    turn.trouble = {};
    if (turn.cancelRequested) ending.cancelled(turn);
    else if ((await attempt(turn, true)) === 'session-gone') {
      ending.threw(turn, new PerchError('AGENT_EXITED', { agent: turn.agentId, status: 'twice' }));
    }
  }

  /** Leaves the session as the next turn may find it. */
  async function leaveSession({ sessionId, outcome, terminal }: ActiveTurn): Promise<void> {
    if (!sessions.isOpen(sessionId)) return;
    const goesOn = terminal === undefined && outcome !== undefined && survives(outcome);
    await (goesOn ? sessions.release(sessionId) : sessions.close(sessionId));
  }

  return {
    async run(turn: ActiveTurn, waited: boolean): Promise<void> {
      if (isEnded(turn)) return;
      try {
        await runToEnd(turn, waited);
      } catch (error) {
        ending.threw(turn, error);
      }
      await leaveSession(turn);
      await checkpoints.after(turn);
    },
  };
}

function survives(outcome: TurnOutcome): boolean {
  if (outcome.outcome === 'failed') return SURVIVABLE.has(outcome.failure.error.code);
  return outcome.outcome !== 'lost';
}

/** Asked again after every await: another part may have ended the turn, which the compiler cannot know. */
function isEnded(turn: ActiveTurn): boolean {
  return turn.phase === 'ended';
}

/** The notice about an agent that was started again in the middle of a conversation. */
function noticeOf(how: 'new' | 'replaced', continuation: Continuation | undefined): string {
  if (continuation === 'continued') return 'notice.session-continued';
  if (continuation === 'refused') return 'notice.session-not-continued';
  return how === 'replaced' ? 'notice.session-replaced' : 'notice.session-restarted';
}

function notice(key: string) {
  return { type: 'notice', level: 'info', key, values: {} } as const;
}
