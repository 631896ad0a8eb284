import type { PromptResponse, RequestError, RequestPermissionResponse } from '@agentclientprotocol/sdk';
import type { AgentEvent, PermissionOutcome } from '../../../../shared/model/run-event.ts';
import type { LaunchSpec, PromptResult } from '../../../../shared/runner-protocol/protocol.ts';
import type { TurnRules } from '../../../../shared/runner-protocol/turn-rules.ts';
import type { Clock } from '../../../node/clock.ts';
import type { ProgramExit } from '../../process/program.ts';
import { createMaskedEvents, type ValueMask } from '../masked-events.ts';
import { createActivity } from './activity.ts';
import { failed } from './failures.ts';
import { allowingOption, wasDeclined } from './permission-options.ts';
import { createPermissions } from './permissions.ts';
import { modelInAnswer } from './reported-model.ts';
import type { Signs } from './signs.ts';
import { createSilence } from './silence.ts';
import { translatePromptUsage } from './translate.ts';
import { createTurnLimits } from './turn-limits.ts';
import { resultOfAnswer, resultOfRefusal } from './turn-result.ts';
import { createUnfinished } from './unfinished.ts';
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

/** Why the agent was killed by us, when it was. */
type Verdict =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly result: PromptResult }
  /** The agent was asked to stop first, and may go on with the conversation. */
  | { readonly kind: 'limit'; readonly result: PromptResult };

const resultOf = (verdict: Verdict): PromptResult =>
  verdict.kind === 'cancelled' ? { outcome: 'cancelled' } : verdict.result;

export function createTurn(deps: TurnDependencies): Turn {
  const { agentName, clock, signs, rules } = deps;
  const { promise, resolve } = Promise.withResolvers<PromptResult>();
  const events = createMaskedEvents(deps.mask, deps.emit);
  const why = createWhy(deps);
  const permissions = createPermissions({ newId: deps.newId, emit: events.event });
  const unfinished = createUnfinished(signs);
  let ended = false;
  let verdict: Verdict | undefined;
  let refusedRequests = 0;
  let stopWaiting = (): void => undefined;

  const silence = createSilence(clock, deps.limits.silence, () => {
    const seconds = Math.round(deps.limits.silence / 1000);
    condemn({ kind: 'failed', result: why.silent('TURN_TIMEOUT', { seconds }) });
  });

  const end = (result: PromptResult): void => {
    if (ended) return;
    permissions.cancelAll();
    activity.releaseText();
    events.flush();
    ended = true;
    silence.stop();
    stopWaiting();
    limits.stop();
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
  const limits = createTurnLimits(clock, rules ?? {}, (code, limit) => {
    if (ended || verdict !== undefined) return;
    stop({ kind: 'limit', result: failed(code, { agent: agentName, limit }) });
  });
  const activity = createActivity({
    ...deps,
    events,
    onToolCall: limits.toolCall,
    onToolWork() {
      refusedRequests = 0;
    },
  });
  /** The title of the request that the user declined last, unless another one was allowed since. */
  let declined: string | undefined;
  /** True when the turn was to be stopped: then the agent's own account of its end counts no more. */
  const wasStopped = (): boolean => {
    // An agent that failed is killed, and its exit follows.
    if (verdict !== undefined && verdict.kind !== 'failed') end(resultOf(verdict));
    return verdict !== undefined;
  };
  const alive = (): void => {
    if (!ended && permissions.open === 0) silence.restart();
  };

  return {
    result: promise,
    update(update) {
      if (ended) return deps.note('an update after the end of the turn');
      alive();
      const nothing = unfinished.update(update);
      if (nothing === undefined) activity.update(update);
      else condemn({ kind: 'failed', result: why.did(nothing) });
    },
    async ask(params) {
      if (ended || verdict !== undefined) return { outcome: { outcome: 'cancelled' } };
      const request = activity.readRequest(params);
      const allowed = rules?.allows === true ? allowingOption(request) : undefined;
      if (allowed !== undefined) {
        const values = { title: request.title };
        events.event({ type: 'notice', level: 'info', key: 'notice.permission-allowed', values });
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
      activity.endWithModel(modelInAnswer(response) ?? deps.setModel?.name);
      if (!wasStopped()) end(resultOfAnswer(response, { activity, declined, signs, why }));
    },
    refused(error) {
      if (!ended && !wasStopped()) end(resultOfRefusal(error, { activity, why }));
    },
    notStarted: end,
    violated(reason) {
      condemn({ kind: 'failed', result: failed('AGENT_PROTOCOL_ERROR', { agent: agentName, reason }) });
    },
    exited(exit) {
      end(verdict === undefined ? why.exited(exit) : resultOf(verdict));
    },
  };
}
