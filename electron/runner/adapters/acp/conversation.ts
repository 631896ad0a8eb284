import {
  type AgentCapabilities,
  type ClientContext,
  methods,
  type NewSessionRequest,
  type SessionConfigOption,
  type SessionModeState,
} from '@agentclientprotocol/sdk';
import type { Continuation } from '../../../../shared/runner-protocol/protocol.ts';
import { modelOfConversation } from './reported-model.ts';
import { isRefusal } from './rpc-error.ts';

export interface OpenedConversation {
  /** The agent's own name of it. */
  readonly sessionId: string;
  readonly configOptions: readonly SessionConfigOption[] | null | undefined;
  readonly modes: SessionModeState | null | undefined;
  readonly continuation: Continuation | undefined;
  /** The model that it is set to, where the agent names it. */
  readonly model: string | undefined;
}

interface ConversationRequest {
  readonly agent: ClientContext;
  readonly capabilities: AgentCapabilities | undefined;
  readonly place: NewSessionRequest;
  /** The conversation to go on with. */
  readonly earlier: string | undefined;
  /** Around a replay of what was said before: those updates belong to no turn. */
  readonly replaying: (on: boolean) => void;
  readonly note: (text: string, level?: 'debug' | 'warn') => void;
}

type Way = 'resume' | 'load';

/** How an agent can go on with a conversation of an earlier process; resuming does not say everything again. */
export function wayBack(capabilities: AgentCapabilities | undefined): Way | undefined {
  if (capabilities?.sessionCapabilities?.resume) return 'resume';
  return capabilities?.loadSession === true ? 'load' : undefined;
}

/** Goes on with the earlier conversation where the agent can, otherwise begins a new one, and says which it was. */
export async function openConversation(request: ConversationRequest): Promise<OpenedConversation> {
  const { agent, capabilities, place, earlier } = request;
  if (earlier === undefined) return { ...(await newSession(agent, place)), continuation: undefined };
  const way = wayBack(capabilities);
  const back = way === undefined ? 'unsupported' : await goBack(request, way, earlier);
  return typeof back === 'string' ? { ...(await newSession(agent, place)), continuation: back } : back;
}

async function goBack(
  { agent, place, replaying, note }: ConversationRequest,
  way: Way,
  sessionId: string,
): Promise<OpenedConversation | 'refused'> {
  replaying(true);
  try {
    const params = { ...place, sessionId };
    const { session } = methods.agent;
    const answer =
      way === 'resume' ? await agent.request(session.resume, params) : await agent.request(session.load, params);
    const { configOptions, modes } = answer;
    return { sessionId, configOptions, modes, model: modelOfConversation(answer), continuation: 'continued' };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    note(`the agent did not go on with its conversation: ${error.message}`, 'warn');
    return 'refused';
  } finally {
    replaying(false);
  }
}

async function newSession(agent: ClientContext, place: NewSessionRequest) {
  const answer = await agent.request(methods.agent.session.new, place);
  const { sessionId, configOptions, modes } = answer;
  return { sessionId, configOptions, modes, model: modelOfConversation(answer) };
}
