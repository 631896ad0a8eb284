import { randomUUID } from 'node:crypto';
import { Readable, Writable } from 'node:stream';
import {
  type AgentContext,
  agent,
  methods,
  ndJsonStream,
  type PromptRequest,
  type PromptResponse,
  RequestError,
} from '@agentclientprotocol/sdk';
import { DemoFailure, findCommand } from './commands.ts';
import type { DemoTurn } from './conversation.ts';
import { used, walkThrough } from './walkthrough.ts';

/** Perch's demo agent: a program of its own that speaks ACP on stdio. No network, no credential, no model. */
interface Conversation {
  readonly workingDirectory: string;
  readonly prompts: string[];
  running: AbortController | undefined;
  /** The user chose "always". */
  trusted: boolean;
}

const conversations = new Map<string, Conversation>();

agent({ name: 'perch-demo' })
  .onRequest(methods.agent.initialize, () => ({
    protocolVersion: 1,
    agentCapabilities: { loadSession: false },
    agentInfo: { name: 'perch-demo', title: 'Perch demo agent', version: '1.0.0' },
    authMethods: [],
  }))
  .onRequest(methods.agent.session.new, ({ params }) => {
    const sessionId = randomUUID();
    conversations.set(sessionId, { workingDirectory: params.cwd, prompts: [], running: undefined, trusted: false });
    return { sessionId };
  })
  .onRequest(methods.agent.session.prompt, ({ params, client }) => prompt(params, client))
  .onNotification(methods.agent.session.cancel, ({ params }) => conversations.get(params.sessionId)?.running?.abort())
  .connect(
    ndJsonStream(
      Writable.toWeb(process.stdout) as WritableStream<Uint8Array>,
      Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>,
    ),
  )
  // The starter is gone: an agent that hangs on purpose must not stay.
  .closed.finally(() => process.exit(0));

async function prompt({ sessionId, prompt: blocks }: PromptRequest, client: AgentContext): Promise<PromptResponse> {
  const conversation = conversations.get(sessionId);
  if (conversation === undefined) throw RequestError.invalidParams(undefined, 'no such session');
  const text = blocks.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
  const running = new AbortController();
  conversation.running = running;
  const turn = createTurn({ sessionId, conversation, client, text, signal: running.signal });
  try {
    const stopReason = await (findCommand(text) ?? walkThrough)(turn);
    const inputTokens = used(turn);
    // Beyond the stable protocol, as several agents do it: tokens with the answer.
    return { stopReason, usage: { inputTokens, outputTokens: 100, totalTokens: inputTokens + 100 } } as PromptResponse;
  } catch (error) {
    if (error instanceof DemoFailure) throw RequestError.internalError({ message: error.message });
    throw error;
  } finally {
    conversation.prompts.push(text);
    conversation.running = undefined;
  }
}

interface TurnParts {
  readonly sessionId: string;
  readonly conversation: Conversation;
  readonly client: AgentContext;
  readonly text: string;
  readonly signal: AbortSignal;
}

function createTurn({ sessionId, conversation, client, text, signal }: TurnParts): DemoTurn {
  return {
    prompt: text,
    earlier: [...conversation.prompts],
    workingDirectory: conversation.workingDirectory,
    signal,
    update: (update) => client.notify(methods.client.session.update, { sessionId, update }),
    async ask(toolCall) {
      if (conversation.trusted) return 'allowed';
      const { outcome } = await client.request(methods.client.session.requestPermission, {
        sessionId,
        toolCall,
        options: [
          { optionId: 'allow', name: 'Allow once', kind: 'allow_once' },
          { optionId: 'always', name: 'Always allow', kind: 'allow_always' },
          { optionId: 'reject', name: 'Deny', kind: 'reject_once' },
        ],
      });
      if (outcome.outcome === 'cancelled') return 'cancelled';
      conversation.trusted = outcome.optionId === 'always';
      return outcome.optionId === 'reject' ? 'rejected' : 'allowed';
    },
  };
}
