import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { AgentEvent } from '../../../../shared/model/run-event.ts';
import type {
  PromptResult,
  RunnerMethodName,
  RunnerNotificationName,
  RunnerNotificationParams,
  RunnerParams,
  RunnerResult,
} from '../../../../shared/runner-protocol/protocol.ts';
import type { TurnRunner } from '../ports.ts';

type Call = {
  readonly [M in RunnerMethodName]: { readonly method: M; readonly params: RunnerParams<M> };
}[RunnerMethodName];
type Answer = (params: never) => Promise<unknown>;
type CallOf<M extends RunnerMethodName> = Extract<Call, { method: M }>;

/**
 * The runner as its supervisor shows it. Sessions start and close at once; a prompt runs until the test answers it,
 * or until it is cancelled or its session closed.
 */
export function createFakeRunner() {
  let kind: TurnRunner['status']['kind'] = 'connected';
  let pid = 100;
  const calls: Call[] = [];
  const prompts = new Map<string, { sessionId: string; answer: PromiseWithResolvers<PromptResult> }>();
  const pending = new Set<(error: Error) => void>();
  const answers = new Map<RunnerMethodName, Answer>();
  const statusListeners = new Set<() => void>();
  const listeners = new Set<{ name: RunnerNotificationName; listener: (params: never) => void }>();
  const callListeners = new Set<() => void>();

  const cancelWhere = (matches: (turnId: string, sessionId: string) => boolean) => {
    for (const [turnId, { sessionId, answer }] of prompts) {
      if (matches(turnId, sessionId)) answer.resolve({ outcome: 'cancelled' });
    }
  };
  const usual: { readonly [M in RunnerMethodName]?: (params: RunnerParams<M>) => Promise<RunnerResult<M>> } = {
    'session.start': async () => ({
      agentName: 'Fake',
      agentVersion: '1.0',
      pid: ++pid,
      sandbox: { state: 'enforced', backend: 'fake', network: 'none' },
    }),
    'session.prompt': ({ turnId, sessionId }) => {
      const answer = Promise.withResolvers<PromptResult>();
      prompts.set(turnId, { sessionId, answer });
      return answer.promise.finally(() => prompts.delete(turnId));
    },
    'session.cancel': async ({ turnId }) => {
      cancelWhere((each) => each === turnId);
      return {};
    },
    'session.close': async ({ sessionId }) => {
      cancelWhere((_, each) => each === sessionId);
      return {};
    },
    'session.answerPermission': async () => ({}),
  };

  function request<M extends RunnerMethodName>(method: M, params: RunnerParams<M>): Promise<RunnerResult<M>> {
    calls.push({ method, params } as Call);
    for (const listener of [...callListeners]) listener();
    if (kind !== 'connected') return Promise.reject(new PerchError('RUNNER_NOT_CONNECTED'));
    const answer = (answers.get(method) ?? usual[method]) as
      | ((params: RunnerParams<M>) => Promise<RunnerResult<M>>)
      | undefined;
    if (answer === undefined) return Promise.reject(new PerchError('METHOD_NOT_FOUND'));
    const died = Promise.withResolvers<never>();
    pending.add(died.reject);
    return Promise.race([answer(params), died.promise]).finally(() => pending.delete(died.reject));
  }

  const setStatus = (next: typeof kind) => {
    kind = next;
    for (const listener of [...statusListeners]) listener();
  };
  const emit = <N extends RunnerNotificationName>(name: N, params: RunnerNotificationParams<N>) => {
    for (const each of [...listeners]) if (each.name === name) each.listener(params as never);
  };
  const find = <M extends RunnerMethodName>(method: M, matches: (params: RunnerParams<M>) => boolean) =>
    (calls.filter((call) => call.method === method) as unknown as CallOf<M>[])
      .map(({ params }) => params as RunnerParams<M>)
      .filter(matches);

  return {
    request,
    get status() {
      return { kind };
    },
    onStatus(listener: () => void) {
      statusListeners.add(listener);
      return () => void statusListeners.delete(listener);
    },
    onNotification<N extends RunnerNotificationName>(name: N, listener: (params: RunnerNotificationParams<N>) => void) {
      const entry = { name, listener };
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    setStatus,
    emit,
    /** From now on the method answers like this; without an answer, as usual again. */
    answer<M extends RunnerMethodName>(method: M, with_?: (params: RunnerParams<M>) => Promise<RunnerResult<M>>) {
      if (with_ === undefined) answers.delete(method);
      else answers.set(method, with_ as Answer);
    },
    /** All requests die, and the runner is gone until `setStatus('connected')`. */
    crash() {
      for (const reject of [...pending]) reject(new PerchError('RUNNER_CRASHED'));
      prompts.clear();
      setStatus('reconnecting');
    },
    calls: <M extends RunnerMethodName>(method: M) => find(method, () => true),
    /** Resolves when such a request was made, now or later. */
    async called<M extends RunnerMethodName>(method: M, matches: (params: RunnerParams<M>) => boolean = () => true) {
      const { promise, resolve } = Promise.withResolvers<RunnerParams<M>>();
      const look = () => {
        const found = find(method, matches)[0];
        if (found !== undefined) resolve(found);
      };
      callListeners.add(look);
      look();
      const params = await promise;
      callListeners.delete(look);
      return params;
    },
    say(turnId: string, event: AgentEvent) {
      const sessionId = find('session.prompt', (params) => params.turnId === turnId).at(-1)?.sessionId;
      if (sessionId === undefined) throw new Error('the turn was not prompted');
      emit('turn.event', { sessionId, turnId, event });
    },
    /** False when the prompt does not run. */
    finish(turnId: string, result: PromptResult = { outcome: 'completed', stopReason: 'end_turn' }): boolean {
      prompts.get(turnId)?.answer.resolve(result);
      return prompts.has(turnId);
    },
  };
}
