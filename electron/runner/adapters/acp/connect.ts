import { basename } from 'node:path';
import {
  type ClientConnection,
  type ClientContext,
  client,
  methods,
  PROTOCOL_VERSION,
  type SessionConfigOption,
} from '@agentclientprotocol/sdk';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import { MAX_MESSAGE_CHARS } from '../../../../shared/json-rpc/line-carrier.ts';
import type { SessionAuth } from '../../../../shared/model/auth.ts';
import type { McpUnsupported } from '../../../../shared/runner-protocol/mcp.ts';
import {
  type Continuation,
  type LaunchSpec,
  RUNNER_PROTOCOL_VERSION,
} from '../../../../shared/runner-protocol/protocol.ts';
import type { TurnRules } from '../../../../shared/runner-protocol/turn-rules.ts';
import type { Clock } from '../../process/clock.ts';
import type { Program } from '../../process/program.ts';
import type { AgentSession, TurnRequest } from '../adapter.ts';
import type { ValueMask } from '../masked-events.ts';
import { type OpenedConversation, openConversation, wayBack } from './conversation.ts';
import { failed, quote } from './failures.ts';
import { serversFor } from './mcp.ts';
import { explainRefusal, isRefusal } from './rpc-error.ts';
import { type OfferedModes, setMode } from './set-mode.ts';
import { compileSigns, type Signs } from './signs.ts';
import { createTurn, type Turn } from './turn.ts';
import { createAcpWire } from './wire.ts';

export interface AcpOptions {
  readonly program: Program;
  readonly launch: LaunchSpec;
  /** As the agent sees it. */
  readonly workingDirectory: string;
  readonly auth: SessionAuth;
  /** What the variables of servers stand for. */
  readonly environment: Readonly<Record<string, string>>;
  /** The conversation to go on with, by the agent's own name. */
  readonly agentSessionId: string | undefined;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly redact: (text: string) => string;
  readonly mask: ValueMask;
  readonly note: (text: string) => void;
  readonly kill: () => void;
  /** A longer line of the agent's output is a violation. In UTF-16 units. */
  readonly maxLineChars?: number;
}

/**
 * Half of what the connection to the core takes: an event grows when its secrets are masked, and one that is too long
 * for that connection would take every other session along.
 */
const MAX_LINE_CHARS = MAX_MESSAGE_CHARS / 2;
/** Output and process end together, but are told apart by a moment. */
const CLOSED_OUTPUT_GRACE_MS = 1000;

interface Opened {
  readonly connection: ClientConnection;
  readonly sessionId: string;
  readonly agentName: string;
  readonly agentVersion: string | undefined;
  readonly canGoBack: boolean;
  readonly continuation: Continuation | undefined;
  readonly mcpUnsupported: readonly McpUnsupported[];
  readonly offered: OfferedModes;
}

/** What the updates of the agent belong to. */
interface Current {
  turn?: Turn;
  /** The agent says again what was said before. */
  replaying?: boolean;
}

/**
 * Opens a conversation with an agent that speaks the Agent Client Protocol on its stdio. No file system and no
 * terminal is offered: the agent has its own, inside its sandbox.
 * Never settles once the program is gone: whoever waits also waits for its exit.
 * @throws PerchError AGENT_AUTHENTICATION_FAILED, SESSION_START_FAILED, AGENT_PROTOCOL_ERROR
 */
export async function openAcpSession(options: AcpOptions): Promise<AgentSession> {
  const signs = compileSigns(options.launch.failureSigns);
  const current: Current = {};
  const violation = Promise.withResolvers<never>();
  violation.promise.catch(() => undefined);
  const connection = connect(options, current, violation.reject);
  const opened = await Promise.race([converse(connection, options, { signs, current }), violation.promise]);
  return session(opened, options, signs, current);
}

function connect(
  options: AcpOptions,
  current: Readonly<Current>,
  onViolation: (error: PerchError) => void,
): ClientConnection {
  const { program, note } = options;
  const app = client({ name: 'perch' })
    .onRequest(methods.client.session.requestPermission, ({ params }) => {
      if (current.turn !== undefined) return current.turn.ask(params);
      note('a permission was asked for outside a turn');
      return { outcome: { outcome: 'cancelled' } };
    })
    .onNotification('*', ({ method }) => note(`skipped a notification ${method}`));
  return app.connect(
    createAcpWire({
      input: program.stdout,
      output: program.stdin,
      maxLineChars: options.maxLineChars ?? MAX_LINE_CHARS,
      onUpdate(update) {
        if (current.turn !== undefined) current.turn.update(update);
        else if (!current.replaying) note('an update outside a turn');
      },
      onJunk: (reason, line) => note(`skipped a line of output, ${reason}: ${excerpt(line, options.redact)}`),
      onViolation(reason) {
        onViolation(new PerchError('AGENT_PROTOCOL_ERROR', { agent: nameOf(options), reason }));
        current.turn?.violated(reason);
      },
    }),
  );
}

/** Masked before it is cut: half a secret would not be recognised. What is masked at all holds the longest one. */
function excerpt(line: string, redact: (text: string) => string): string {
  return redact(line.slice(0, 500_000)).slice(0, 200);
}

async function converse(
  connection: ClientConnection,
  options: AcpOptions,
  { signs, current }: { signs: Signs; current: Current },
): Promise<Opened> {
  const { agent } = connection;
  return refusals(options, signs, async () => {
    const hello = await agent.request(methods.agent.initialize, {
      protocolVersion: PROTOCOL_VERSION,
      clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
      clientInfo: { name: 'perch', title: 'Perch', version: String(RUNNER_PROTOCOL_VERSION) },
    });
    if (hello.protocolVersion !== PROTOCOL_VERSION) {
      throw startFailed(options, `it speaks version ${hello.protocolVersion} of the Agent Client Protocol`);
    }
    const { servers, unsupported } = serversFor({
      servers: options.launch.mcpServers ?? [],
      capabilities: hello.agentCapabilities,
      variablesBy: options.launch.mcpVariablesBy ?? 'value',
      environment: options.environment,
    });
    const created = await openConversation({
      agent,
      capabilities: hello.agentCapabilities,
      place: { cwd: options.workingDirectory, mcpServers: servers, ...metaOf(options.launch) },
      earlier: options.agentSessionId,
      replaying: (on) => {
        current.replaying = on;
      },
      note: options.note,
    });
    if (options.auth.model !== '') await setModel(agent, created, options);
    const info = hello.agentInfo;
    return {
      connection,
      sessionId: created.sessionId,
      agentName: info?.title ?? info?.name ?? nameOf(options),
      agentVersion: info?.version,
      canGoBack: wayBack(hello.agentCapabilities) !== undefined,
      continuation: created.continuation,
      mcpUnsupported: unsupported,
      offered: created,
    };
  });
}

function metaOf({ sessionMeta }: LaunchSpec): { _meta?: Record<string, unknown> } {
  return sessionMeta === undefined ? {} : { _meta: sessionMeta };
}

async function setModel(agent: ClientContext, created: OpenedConversation, options: AcpOptions): Promise<void> {
  const { sessionId } = created;
  const { model } = options.auth;
  switch (options.launch.modelBy) {
    case 'launch':
      return;
    case 'acp-set-model':
      // No part of the stable protocol; for some agents the only way (Gemini CLI).
      await agent.request<unknown>('session/set_model', { sessionId, modelId: model });
      return;
    case 'acp-config-option': {
      const option = created.configOptions?.find(isModelChoice);
      if (option === undefined) throw startFailed(options, 'it offers no choice of a model');
      await agent.request(methods.agent.session.setConfigOption, { sessionId, configId: option.id, value: model });
    }
  }
}

function isModelChoice(option: SessionConfigOption): boolean {
  return option.type === 'select' && option.category === 'model';
}

/** Refusals of the agent before a conversation is open. */
async function refusals<T>(options: AcpOptions, signs: Signs, talk: () => Promise<T>): Promise<T> {
  try {
    return await talk();
  } catch (error) {
    if (error instanceof PerchError) throw error;
    if (!isRefusal(error)) {
      // The connection is closed: the program's exit tells why, and whoever waits, waits for that as well.
      if (error instanceof Error && options.program.stdout.readableEnded) return new Promise(() => undefined);
      throw startFailed(options, error instanceof Error ? error.message : 'unknown', error);
    }
    const { code, reported } = explainRefusal(error, signs);
    const sentence = quote(reported, options.redact);
    if (code === 'AGENT_REPORTED_ERROR') throw startFailed(options, sentence, error);
    throw new PerchError(code, { agent: nameOf(options) }, { details: { reported: sentence }, cause: error });
  }
}

function startFailed(options: AcpOptions, reason: string, cause?: unknown): PerchError {
  const text = quote(reason, options.redact);
  const details = { reported: text };
  return new PerchError('SESSION_START_FAILED', { agent: nameOf(options), reason: text }, { details, cause });
}

const nameOf = ({ launch }: AcpOptions): string => basename(launch.command);

function session(opened: Opened, options: AcpOptions, signs: Signs, current: Current): AgentSession {
  const { agent } = opened.connection;
  const { sessionId, agentName, agentVersion, canGoBack, continuation, mcpUnsupported, offered } = opened;
  void options.program.exited.then((exit) => current.turn?.exited(exit));
  // An agent that closes its output and lives on would leave its turn waiting for ever.
  options.program.stdout.once('close', () => {
    const takeBack = options.clock.after(CLOSED_OUTPUT_GRACE_MS, () => {
      options.note('the agent closed its output without ending');
      if (current.turn === undefined) options.kill();
      else current.turn.violated('it closed its output');
    });
    void options.program.exited.then(takeBack);
  });

  /** False when the turn is over by it: in another mode than the chosen one it must not run. */
  const enterMode = async (turn: Turn, { mode, modeId }: TurnRules): Promise<boolean> => {
    if (modeId === undefined) return true;
    const refuse = (reason: string) =>
      turn.notStarted(failed('PERMISSION_MODE_REFUSED', { agent: agentName, mode, reason }));
    try {
      if (await setMode(agent, { sessionId, modeId, offered })) return true;
      refuse('it does not offer it');
    } catch (error) {
      // Anything else means that the connection is gone: the exit of the program ends the turn.
      if (isRefusal(error)) refuse(quote(error.message, options.redact));
    }
    return false;
  };
  const send = async (turn: Turn, { prompt, rules }: Pick<TurnRequest, 'prompt' | 'rules'>): Promise<void> => {
    try {
      if (rules !== undefined && !(await enterMode(turn, rules))) return;
      const response = await agent.request(methods.agent.session.prompt, {
        sessionId,
        prompt: [{ type: 'text', text: prompt }],
      });
      turn.answered(response);
    } catch (error) {
      // Anything else means that the connection is gone: the exit of the program ends the turn.
      if (isRefusal(error)) turn.refused(error);
    }
  };
  return {
    agentName,
    agentVersion,
    agentSessionId: canGoBack ? sessionId : undefined,
    continuation,
    mcpUnsupported,
    async prompt({ prompt, rules, emit }) {
      const turn = createTurn({
        ...options,
        agentName,
        limits: options.launch.limits,
        signs,
        rules,
        emit,
        sendCancel: () => void agent.notify(methods.agent.session.cancel, { sessionId }).catch(() => undefined),
      });
      current.turn = turn;
      if (options.program.hasExited()) turn.exited(await options.program.exited);
      else void send(turn, { prompt, rules });
      const result = await turn.result;
      delete current.turn;
      return result;
    },
    cancel: () => current.turn?.cancel(),
    answerPermission: (requestId, outcome) => current.turn?.answerPermission(requestId, outcome) ?? false,
    errorLine: (line) => current.turn?.errorLine(line),
  };
}
