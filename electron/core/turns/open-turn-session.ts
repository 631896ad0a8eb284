import { defined } from '../../../shared/defined.ts';
import type { Launch } from '../launch/launch.ts';
import type { LogStore } from '../storage/logs/log-store.ts';
import { type ActiveTurn, credentialUseOf, hasEnded } from './active-turn.ts';
import type { AwaitingCredential } from './awaiting-credential.ts';
import { whenConnected } from './connected.ts';
import type { CredentialUseNotes, TurnAgents, TurnCheckpoints, TurnRunner } from './ports.ts';
import type { Recorder } from './recorder.ts';
import { sessionEvents } from './session-notices.ts';
import type { OpenedSession, Sessions } from './sessions.ts';
import type { TurnTerminals } from './terminals.ts';

export interface TurnSessionParts {
  readonly runner: Pick<TurnRunner, 'onStatus' | 'status'>;
  readonly agents: TurnAgents;
  readonly sessions: Sessions;
  readonly recorder: Recorder;
  readonly awaiting: Pick<AwaitingCredential, 'launch'>;
  readonly logs: LogStore;
  readonly credentialUse: Pick<CredentialUseNotes, 'used'>;
  readonly terminals: TurnTerminals;
  readonly checkpoints: Pick<TurnCheckpoints, 'before'>;
  /** True when the session had turns before this one. */
  readonly hadTurns: (turn: ActiveTurn) => boolean;
  /** The agent that is at work on the same files in another session; undefined: none is. */
  readonly agentOnSameFiles: (turn: ActiveTurn) => string | undefined;
}

/** Opens the session of a turn, as soon as there is a runner and a credential, and records what it found. */
export function createTurnSessionOpener(parts: TurnSessionParts) {
  const { runner, agents, sessions, recorder, awaiting, logs, credentialUse, terminals, checkpoints } = parts;
  const { hadTurns, agentOnSameFiles } = parts;

  /** The plan from the submission may be outdated when the turn had to wait: a credential may be gone by now. */
  async function launchOf(turn: ActiveTurn, waited: boolean): Promise<Launch | undefined> {
    if (!waited && turn.launch !== undefined) return turn.launch;
    const { agentId, projectDir, requestedModel, requestedMode } = turn;
    const asked = {
      ...defined({ model: requestedModel, permissionMode: requestedMode }),
    };
    return awaiting.launch(turn, () => agents.prepareLaunch({ agentId, projectDir, ...asked }));
  }

  function noteSession(turn: ActiveTurn, opened: OpenedSession): void {
    const { how, started, unset } = opened;
    const { sessionId, turnId } = turn;
    const log = (message: string) =>
      logs.writer(`session:${sessionId}`).write({ level: 'info', source: 'turn', message, turnId });
    log(`${started.agentName} ${started.agentVersion ?? ''} answers with process ${started.pid} (${how})`);
    if (unset.length > 0) {
      const names = unset.map(({ name }) => name).join(', ');
      log(`Not set any more, unlike before in this conversation: ${names}`);
    }
    const facts = { sessionId, isTerminal: turn.terminal !== undefined, hadTurns: hadTurns(turn) };
    for (const event of sessionEvents(opened, facts)) recorder.record(turn, event);
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

  /** The turn takes over what the launch decided for it, and records what the user should know of it. */
  function takeOver(turn: ActiveTurn, launch: Launch): void {
    turn.phase = 'starting';
    turn.launch = undefined;
    turn.rules = launch.rules;
    for (const { level, key, values } of launch.notices) recorder.record(turn, { type: 'notice', level, key, values });
    const agent = agentOnSameFiles(turn);
    if (agent !== undefined)
      recorder.record(turn, { type: 'notice', level: 'warn', key: 'notice.shared-folder', values: { agent } });
    // An agent that runs already holds the same ones: a launch with others has another fingerprint.
    turn.credentials = launch.credentials;
    turn.providerName = launch.providerName;
  }

  return {
    /** Returns early when the turn ended meanwhile. @param waited the turn was not run at once */
    async open(turn: ActiveTurn, waited: boolean): Promise<void> {
      await whenConnected(runner, turn.finished.promise);
      if (hasEnded(turn)) return;
      const launch = await launchOf(turn, waited);
      if (launch === undefined || hasEnded(turn)) return;
      // The wait for a credential may have taken days.
      await whenConnected(runner, turn.finished.promise);
      if (hasEnded(turn)) return;
      takeOver(turn, launch);
      const { sessionId, agentId, projectDir } = turn;
      const beforeStart = () => credentialUse.used(credentialUseOf(turn));
      // Beside the start of the agent, which takes as long.
      const checkpoint = checkpoints.before(turn);
      const opened = await sessions.open({ sessionId, agentId, projectDir, launch, beforeStart });
      const problem = await checkpoint;
      // The cancellation closed the session, maybe before the runner had it.
      if (hasEnded(turn) || turn.cancelRequested) return void (await sessions.close(sessionId));
      turn.terminal = launch.launch.adapter === 'terminal' ? terminals.open(turn, launch) : undefined;
      noteSession(turn, opened);
      // Once in a conversation.
      if (problem !== undefined && !hadTurns(turn)) recorder.record(turn, { type: 'notice', ...problem });
      instruct(turn, { opened, instructions: launch.instructions });
    },
  };
}
