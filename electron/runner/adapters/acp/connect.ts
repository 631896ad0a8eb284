import {
  type ClientConnection,
  type ClientContext,
  client,
  methods,
  PROTOCOL_VERSION,
  type RequestPermissionResponse,
  type SessionConfigOption,
} from '@agentclientprotocol/sdk';
import { defined } from '../../../../shared/defined.ts';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import { MAX_MESSAGE_CHARS } from '../../../../shared/json-rpc/line-carrier.ts';
import { type LaunchSpec, RUNNER_PROTOCOL_VERSION } from '../../../../shared/runner-protocol/protocol.ts';
import type { AgentSession } from '../adapter.ts';
import { type Current, createAcpSession, type Opened } from './acp-session.ts';
import { type OpenedConversation, openConversation, wayBack } from './conversation.ts';
import { quote } from './failures.ts';
import { serversFor } from './mcp.ts';
import { type AcpOptions, nameOf } from './options.ts';
import { explainRefusal, isRefusal } from './rpc-error.ts';
import { compileSigns, type Signs } from './signs.ts';
import { costOf } from './translate.ts';
import { createTurnCosts } from './turn-cost.ts';
import { createWhy } from './why.ts';
import { createAcpWire } from './wire.ts';

/**
 * Half of what the connection to the core takes: an event grows when its secrets are masked, and one that is too long
 * for that connection would take every other session along.
 */
const MAX_LINE_CHARS = MAX_MESSAGE_CHARS / 2;

/**
 * Opens a conversation with an agent that speaks the Agent Client Protocol on its stdio. No file system and no terminal
 * is offered: the agent has its own, inside its sandbox. Never settles once the program is gone, so a caller also waits
 * for the program's exit.
 * @throws PerchError AGENT_AUTHENTICATION_FAILED, SESSION_START_FAILED, AGENT_PROTOCOL_ERROR
 */
export async function openAcpSession(options: AcpOptions): Promise<AgentSession> {
  const signs = compileSigns(options.launch.failureSigns);
  const current: Current = { costs: createTurnCosts() };
  const violation = Promise.withResolvers<never>();
  violation.promise.catch(() => undefined);
  const connection = connect(options, current, violation.reject);
  const opened = await Promise.race([converse(connection, options, { signs, current }), violation.promise]);
  return createAcpSession({ opened, options, signs, current });
}

/** A plain text, for the form that takes a parser: the SDK answers a request that its own schema does not know. */
const REQUEST_PERMISSION: string = methods.client.session.requestPermission;
const asItCame = (params: unknown): unknown => params;

function connect(
  options: AcpOptions,
  current: Readonly<Current>,
  onViolation: (error: PerchError) => void,
): ClientConnection {
  const { program, note } = options;
  const app = client({ name: 'perch' })
    .onRequest(REQUEST_PERMISSION, asItCame, ({ params }): Promise<RequestPermissionResponse> => {
      if (current.turn !== undefined) return current.turn.ask(params);
      note('a permission was asked for outside a turn', 'warn');
      return Promise.resolve({ outcome: { outcome: 'cancelled' } });
    })
    .onNotification('*', ({ method }) => note(`skipped a notification ${method}`));
  return app.connect(
    createAcpWire({
      input: program.stdout,
      output: program.stdin,
      maxLineChars: options.maxLineChars ?? MAX_LINE_CHARS,
      onUpdate(update) {
        if (current.turn !== undefined) current.turn.update(update);
        else {
          current.costs.note(costOf(update));
          if (!current.replaying) note('an update outside a turn');
        }
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
      clientCapabilities: {
        fs: { readTextFile: false, writeTextFile: false },
        terminal: false,
        ...defined({ _meta: options.launch.clientMeta }),
      },
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
      // A choice that Perch made after that is not in its answer, and known anyway.
      model: options.auth.model === '' || options.launch.modelBy === 'launch' ? created.model : undefined,
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
      // The connection is closed: the program's exit names the cause, and the caller waits for it as well.
      if (error instanceof Error && options.program.stdout.readableEnded) return new Promise(() => undefined);
      throw startFailed(options, error instanceof Error ? error.message : 'unknown', error);
    }
    const { otherwise, reported } = explainRefusal(error);
    const told = createWhy({ ...options, agentName: nameOf(options), signs }).words([reported], otherwise);
    if (told.outcome !== 'failed' || told.error.code === 'AGENT_REPORTED_ERROR')
      throw startFailed(options, quote(reported, options.redact), error);
    throw new PerchError(told.error.code, told.error.values, { details: { reported: told.reported }, cause: error });
  }
}

function startFailed(options: AcpOptions, reason: string, cause?: unknown): PerchError {
  const text = quote(reason, options.redact);
  return new PerchError('SESSION_START_FAILED', { agent: nameOf(options), reason: text }, { cause });
}
