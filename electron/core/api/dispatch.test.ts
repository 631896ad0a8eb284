import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contract, type MethodName } from '../../../shared/contract/methods.ts';
import { PerchError, toWireError } from '../../../shared/errors/perch-error.ts';
import { dispatch } from './dispatch.ts';
import { servedApp } from './testing/served.ts';

const WINDOW = { kind: 'window' } as const;
const COMMAND_LINE = { kind: 'command-line' } as const;
const TURN_ID = '7b0f6f0e-4f0e-4c46-9d6a-0d8a4ff5a001';

async function refusal(call: Promise<unknown>): Promise<unknown> {
  return await call.then(
    (result) => ({ result }),
    (error: unknown) => JSON.stringify(toWireError(error)),
  );
}

test('a call reaches its handler with checked params, and its answer leaves checked', async () => {
  const { app, calls } = servedApp({
    'logs.file': async () => ({ path: '/x', revealed: false, secret: 'not in the contract' }) as never,
  });
  const result = await dispatch(app, WINDOW, 'logs.file', { log: 'core', reveal: false, more: 1 });
  expect(calls).toEqual([{ method: 'logs.file', params: { log: 'core', reveal: false } }]);
  expect(result).toEqual({ path: '/x', revealed: false });
});

test('missing and forbidden answer byte for byte alike', async () => {
  const { app, calls } = servedApp({ 'host.windowUrl': async () => ({ url: 'http://127.0.0.1:1/' }) });
  const forbidden = await refusal(dispatch(app, WINDOW, 'host.windowUrl', {}));
  const missing = await refusal(dispatch(app, WINDOW, 'host.windowUri', {}));
  expect(forbidden).toBe(missing);
  expect(await refusal(dispatch(app, WINDOW, 'host.windowUrl', { bad: 1 }))).toBe(missing);
  expect(calls).toEqual([]);
  // The same call is allowed from the command line: the method is there.
  expect(await dispatch(app, COMMAND_LINE, 'host.windowUrl', {})).toEqual({ url: 'http://127.0.0.1:1/' });
});

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', ''])('%j is no method', async (method) => {
  const { app } = servedApp();
  await expect(dispatch(app, COMMAND_LINE, method, {})).rejects.toMatchObject({ code: 'METHOD_NOT_FOUND' });
});

test('bad params are refused with where they are wrong, never with what they are', async () => {
  const { app, calls } = servedApp();
  const secret = 'sk-not-to-be-seen';
  const call = dispatch(app, WINDOW, 'credentials.set', {
    providerId: 'openai',
    scope: { kind: 'agent', agentId: secret.toUpperCase() },
    value: secret,
    storage: 'keychain',
  });
  await expect(call).rejects.toMatchObject({ code: 'INVALID_PARAMS', values: { where: 'params.scope.agentId' } });
  expect(JSON.stringify(toWireError(await call.catch((error: unknown) => error)))).not.toContain('not-to-be-seen');
  expect(calls).toEqual([]);
});

test('an error that was meant for a person keeps its code', async () => {
  const { app } = servedApp({
    'turns.get': async () => {
      throw new PerchError('NOT_FOUND');
    },
  });
  await expect(dispatch(app, WINDOW, 'turns.get', { turnId: TURN_ID })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('any other error is INTERNAL outside, with its cause in the log', async () => {
  const { app, lines } = servedApp({
    'turns.get': async () => {
      throw new Error('the inside', { cause: new Error('the very inside') });
    },
  });
  const answer = await refusal(dispatch(app, WINDOW, 'turns.get', { turnId: TURN_ID }));
  expect(answer).toBe('{"code":"INTERNAL","values":{}}');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('turns.get: Error: the inside');
  expect(lines[0]).toContain('caused by Error: the very inside');
});

test('a result that breaks the contract does not leave', async () => {
  const { app, lines } = servedApp({ 'logs.file': async () => ({ path: 7 }) as never });
  const call = dispatch(app, WINDOW, 'logs.file', { log: 'core', reveal: false });
  await expect(call).rejects.toMatchObject({ code: 'INTERNAL' });
  expect(lines[0]).toContain('the result breaks the contract at result.path');
});

test('whatever is sent, no handler sees params that break the contract, and every refusal is a PerchError', async () => {
  const method = fc.oneof(fc.constantFrom(...Object.keys(contract)), fc.string());
  await fc.assert(
    fc.asyncProperty(method, fc.oneof(fc.jsonValue(), fc.anything()), async (name, params) => {
      const { app, calls } = servedApp();
      const outcome = await dispatch(app, WINDOW, name, params).catch((error: unknown) => error);
      for (const call of calls)
        expect(contract[call.method as MethodName].params.safeParse(call.params).success).toBe(true);
      expect(outcome).toBeInstanceOf(PerchError);
    }),
    { numRuns: 2000 },
  );
});
