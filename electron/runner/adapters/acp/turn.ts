import type { PromptResponse, RequestError, RequestPermissionResponse } from '@agentclientprotocol/sdk';
import { defined } from '../../../../shared/defined.ts';
import type { AgentEvent, PermissionOutcome } from '../../../../shared/model/run-event.ts';
import type { LaunchSpec, PromptResult } from '../../../../shared/runner-protocol/protocol.ts';
import type { TurnRules } from '../../../../shared/runner-protocol/turn-rules.ts';
import type { Clock } from '../../../node/clock.ts';
import type { ProgramExit } from '../../process/program.ts';
import { createMaskedEvents, type ValueMask } from '../masked-events.ts';
import { failed, quote } from './failures.ts';
import { createHeldText } from './held-text.ts';
import { judgeTurn } from './judge.ts';
import { type AskedPermission, readPermissionRequest } from './permission-request.ts';
import { createPermissions } from './permissions.ts';
import { modelInAnswer, modelInUpdate } from './reported-model.ts';
import { explainRefusal } from './rpc-error.ts';
import type { Signs } from './signs.ts';
import { createSilence } from './silence.ts';
import { createToolStates } from './tool-states.ts';
import { translatePromptUsage, translateUpdate } from './translate.ts';
import { typedFailure } from './typed-failure.ts';
import { createWhy } from './why.ts';

interface TurnDependencies {
  readonly agentName: string;
  readonly clock: Clock;
  readonly limits: LaunchSpec['limits'];
  /** Absent: the user is asked, and there is no limit. */
  readonly rules?: TurnRules | undefined;
  readonly signs: Signs;
  /** The model that the conversation is set to, where the agent names it. */
  readonly setModel?: { name?: string | undefined } | undefined;
  readonly redact: (text: string) => string;
  /** A host that the session's way out did not reach since the turn began. */
  readonly unreached?: (() => string | undefined) | undefined;
  readonly mask: ValueMask;
  readonly newId: () => string;
  readonly emit: (event: AgentEvent) => void;
  readonly note: (text: string) => void;
  /** Asks the agent to stop this turn. */
  readonly sendCancel: () => void;
  /** Ends the agent's whole process tree; `exited` follows. */
  readonly kill: () => void;
}

/** A prompt until its end. Updates after the end are noted and dropped. */
export interface Turn {
  readonly result: Promise<PromptResult>;
  update(update: unknown): void;
  /** Takes the parameters of `session/request_permission` as they come. */
  ask(params: unknown): Promise<RequestPermissionResponse>;
  answerPermission(requestId: string, outcome: PermissionOutcome): boolean;
  errorLine(line: string): void;
  cancel(): void;
  answered(response: PromptResponse): void;
  refused(error: RequestError): void;
  /** The prompt was not sent: this is why. */
  notStarted(result: PromptResult): void;
  /** The agent's output cannot be read any further; it is killed. */
  violated(reason: string): void;
  exited(exit: ProgramExit): void;
}

/** A cancelled prompt answers within a second: this long the agent may take, the rest is for the kill. */
const MAX_CANCEL_MS = 700;
/** Requests of one turn that may be refused in a row before the turn is over: the agent would repeat on and on. */
const MAX_REFUSED_REQUESTS = 3;
/** The text that judges a turn: more is an answer in any case. */
const MAX_JUDGED_CHARS = 100_000;

/** Why the agent was killed by us, when it was. */
type Verdict =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly result: PromptResult }
  /** The agent was asked to stop first, and may go on with the conversation. */
  | { readonly kind: 'limit'; readonly result: PromptResult };

export function createTurn(deps: TurnDependencies): Turn {
  const { agentName, clock, signs, rules } = deps;
  const { promise, resolve } = Promise.withResolvers<PromptResult>();
  const events = createMaskedEvents(deps.mask, deps.emit);
  const held = createHeldText(signs, (said) => events.text('message', said));
  const why = createWhy(deps);
  const permissions = createPermissions({ newId: deps.newId, emit: events.event });
  const tools = createToolStates();
  let ended = false;
  let verdict: Verdict | undefined;
  let text = '';
  let usedTools = false;
  let refusedRequests = 0;
  let toolCalls = 0;
  /** Titles of tools by their ids, and the ids of tools that the agent asked for. */
  const titles = new Map<string, string>();
  const askedFor = new Set<string>();
  let stopWaiting = (): void => undefined;

  const silence = createSilence(clock, deps.limits.silence, () => {
    const seconds = Math.round(deps.limits.silence / 1000);
    condemn({ kind: 'failed', result: why.silent('TURN_TIMEOUT', { seconds }) });
  });

  const end = (result: PromptResult): void => {
    if (ended) return;
    permissions.cancelAll();
    held.release();
    events.flush();
    ended = true;
    silence.stop();
    stopWaiting();
    stopLimit();
    resolve(result);
  };
  const condemn = (reason: Verdict): void => {
    verdict ??= reason;
    deps.kill();
  };
  const stop = (reason: Verdict): void => {
    verdict = reason;
    deps.sendCancel();
    permissions.cancelAll();
    stopWaiting = clock.after(Math.min(deps.limits.stop, MAX_CANCEL_MS), deps.kill);
  };
  const reachedLimit = (code: 'TURN_LIMIT_MINUTES' | 'TURN_LIMIT_TOOL_CALLS', limit: number): void => {
    if (ended || verdict !== undefined) return;
    stop({ kind: 'limit', result: failed(code, { agent: agentName, limit }) });
  };
  const { maxMinutes, maxToolCalls } = rules ?? {};
  const stopLimit =
    maxMinutes === undefined
      ? () => undefined
      : clock.after(maxMinutes * 60_000, () => reachedLimit('TURN_LIMIT_MINUTES', maxMinutes));
  /** An agent may refuse a tool by itself, and answer as if all were well. */
  const tellRefusedTool = (event: AgentEvent): void => {
    if (event.type === 'tool.call') titles.set(event.toolCallId, event.title);
    if (event.type !== 'tool.update' || event.status !== 'failed' || askedFor.has(event.toolCallId)) return;
    const said = (event.content ?? []).map((part) => (part.kind === 'text' ? part.text : '')).join('\n');
    if (!signs.isRefusedTool(said)) return;
    const title = event.title ?? titles.get(event.toolCallId) ?? event.toolCallId;
    const values = { title, reason: quote(said, deps.redact) };
    events.event({ type: 'notice', level: 'warn', key: 'notice.tool-refused', values });
  };
  /** The title of the request that the user declined last, unless another one was allowed since. */
  let declined: string | undefined;
  let told: string | undefined;
  const tellModel = (model: string | undefined): void => {
    if (model === undefined || model === told) return;
    told = model;
    events.event({ type: 'model.reported', model });
  };
  const alive = (): void => {
    if (!ended && permissions.open === 0) silence.restart();
  };

  return {
    result: promise,
    update(update) {
      if (ended) return deps.note('an update after the end of the turn');
      alive();
      const { used, set } = modelInUpdate(update);
      if (set !== undefined && deps.setModel !== undefined) deps.setModel.name = set;
      tellModel(used);
      tools.update(update);
      const translation = translateUpdate(update);
      if (translation.kind === 'unknown') deps.note(`skipped ${translation.what}`);
      if (translation.kind === 'event') {
        const { type } = translation.event;
        if (type === 'tool.call') {
          held.release();
          text = '';
        }
        if (type === 'tool.call' && maxToolCalls !== undefined && ++toolCalls > maxToolCalls) {
          reachedLimit('TURN_LIMIT_TOOL_CALLS', maxToolCalls);
        }
        if (type === 'tool.call' || type === 'tool.update') {
          usedTools = true;
          refusedRequests = 0;
        }
        events.event(translation.event);
        tellRefusedTool(translation.event);
      }
      if (translation.kind !== 'text') return;
      const remark = translation.channel === 'message' && signs.isRemark(translation.text);
      if (remark) return events.text('thought', translation.text);
      if (translation.channel === 'message' && text.length < MAX_JUDGED_CHARS) text += translation.text;
      if (translation.channel === 'message') held.push(translation.text, text);
      else events.text(translation.channel, translation.text);
    },
    async ask(params) {
      if (ended || verdict !== undefined) return { outcome: { outcome: 'cancelled' } };
      usedTools = true;
      held.release();
      const request = readPermissionRequest(params, tools.of);
      askedFor.add(request.toolCallId);
      const allowed = rules?.allows === true ? allowing(request) : undefined;
      if (allowed !== undefined) {
        const { title } = request;
        events.event({ type: 'notice', level: 'info', key: 'notice.permission-allowed', values: { title } });
        return { outcome: { outcome: 'selected', optionId: allowed } };
      }
      silence.stop();
      const answer = await permissions.ask(request);
      declined = wasDeclined(request, answer) ? deps.mask.redact(request.title) : undefined;
      return answer;
    },
    answerPermission(requestId, outcome) {
      const known = permissions.answer(requestId, outcome);
      alive();
      return known;
    },
    errorLine(line) {
      // No sign of life: an agent that repeats a refused request for ever says so on stderr, for ever.
      why.errorLine(line);
      const sentence = signs.refusedRequest(line);
      if (sentence === undefined || ++refusedRequests < MAX_REFUSED_REQUESTS) return;
      condemn({ kind: 'failed', result: why.words([sentence]) });
    },
    cancel() {
      if (!ended && verdict === undefined) stop({ kind: 'cancelled' });
    },
    answered(response) {
      if (ended) return;
      const usage = translatePromptUsage(response);
      if (usage !== undefined) events.event(usage);
      tellModel(told ?? modelInAnswer(response) ?? deps.setModel?.name);
      if (verdict?.kind === 'cancelled') return end({ outcome: 'cancelled' });
      if (verdict?.kind === 'limit') return end(verdict.result);
      if (verdict !== undefined) return;
      const { stopReason } = response;
      const reported = typedFailure(response._meta);
      if (reported !== undefined) return end(why.words([reported]));
      const judgement = judgeTurn({ stopReason, text, usedTools }, signs);
      if (judgement.kind === 'completed') end({ outcome: 'completed', stopReason });
      else if (judgement.kind === 'cancelled') end(endedByAgent(declined));
      else if (judgement.kind === 'no-answer') end(why.silent('AGENT_ENDED_WITHOUT_ANSWER'));
      else {
        // Of an error behind a part of an answer only the error was held back.
        const dressed = held.takeError();
        end(why.words([dressed === '' ? judgement.reported : dressed]));
      }
    },
    refused(error) {
      if (ended) return;
      if (verdict?.kind === 'cancelled') return end({ outcome: 'cancelled' });
      if (verdict?.kind === 'limit') return end(verdict.result);
      if (verdict !== undefined) return;
      const { otherwise, reported } = explainRefusal(error);
      // Some say in a sentence of their own more than in the error behind it (seen: Claude Code).
      const dressed = held.takeError();
      end(why.words([...(dressed === '' ? [] : [dressed]), reported], otherwise));
    },
    notStarted: end,
    violated(reason) {
      condemn({ kind: 'failed', result: failed('AGENT_PROTOCOL_ERROR', { agent: agentName, reason }) });
    },
    exited(exit) {
      if (verdict?.kind === 'cancelled') return end({ outcome: 'cancelled' });
      if (verdict !== undefined) return end(verdict.result);
      end(why.exited(exit));
    },
  };
}

/** Codex ends its turn as cancelled once a command was declined: the user cancelled nothing. */
function endedByAgent(declined: string | undefined): PromptResult {
  return { outcome: 'cancelled', by: 'agent', ...defined({ declined }) };
}

/** An answer that chooses none of the options is a no as well. */
function wasDeclined({ options }: AskedPermission, { outcome }: RequestPermissionResponse): boolean {
  if (outcome.outcome !== 'selected') return true;
  return options.find(({ optionId }) => optionId === outcome.optionId)?.kind.startsWith('reject') === true;
}

/** The option that says yes, once rather than always; undefined when there is none. */
function allowing({ options }: AskedPermission): string | undefined {
  const byKind = (kind: string) => options.find((option) => option.kind === kind)?.optionId;
  return byKind('allow_once') ?? byKind('allow_always');
}
