import type { RunnerMethodName, RunnerParams, RunnerResult } from '../../../shared/runner-protocol/protocol.ts';
import type { RunnerSupervisor } from '../runner-host/supervisor.ts';
import type { TurnRunner } from './ports.ts';

/** The part of the redactor that takes secrets. */
interface SecretMasks {
  /** Returns the way to take the value off again. */
  add(value: string): () => void;
}

/**
 * The runner, as turns see it, with the secrets of every session masked in all that Perch writes: from before the
 * session starts until it is gone.
 */
export function maskSessionSecrets(
  runner: Pick<RunnerSupervisor, 'request' | 'onNotification' | 'onStatus' | 'status'>,
  masks: SecretMasks,
): TurnRunner {
  const held = new Map<string, (() => void)[]>();

  function hold({ sessionId, environment, secretNames }: RunnerParams<'session.start'>): void {
    const values = secretNames.flatMap((name) => environment[name] ?? []);
    held.set(sessionId, [...(held.get(sessionId) ?? []), ...values.map((value) => masks.add(value))]);
  }

  /** In the next turn of the event loop: who hears the same news now may still write about it. */
  function release(sessionId: string): void {
    const taken = held.get(sessionId) ?? [];
    held.delete(sessionId);
    setImmediate(() => {
      for (const remove of taken) remove();
    });
  }

  runner.onNotification('session.exited', ({ sessionId }) => release(sessionId));
  runner.onStatus(({ kind }) => {
    if (kind !== 'connected') for (const sessionId of [...held.keys()]) release(sessionId);
  });

  return {
    get status() {
      return runner.status;
    },
    onStatus: (listener) => runner.onStatus(listener),
    onNotification: (name, listener) => runner.onNotification(name, listener),
    async request<M extends RunnerMethodName>(method: M, params: RunnerParams<M>): Promise<RunnerResult<M>> {
      if (method === 'session.start') hold(params as RunnerParams<'session.start'>);
      try {
        const result = await runner.request(method, params);
        if (method === 'session.close') release((params as RunnerParams<'session.close'>).sessionId);
        return result;
      } catch (error) {
        if (method === 'session.start') release((params as RunnerParams<'session.start'>).sessionId);
        throw error;
      }
    },
  };
}
