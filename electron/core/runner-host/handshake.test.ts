import { expect, test } from 'vitest';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { RUNNER_PROTOCOL_VERSION } from '../../../shared/runner-protocol/protocol.ts';
import { createHandshake } from './handshake.ts';

const OURS = RUNNER_PROTOCOL_VERSION;

function create(initialize: () => Promise<{ protocolVersion: number; pid: number }>) {
  const seen: unknown[] = [];
  const handshake = createHandshake({
    initialize,
    warn: (message) => void seen.push(message),
    onConnected: (pid) => void seen.push({ pid }),
    onFailed: ({ code }, { retry }) => void seen.push({ code, retry }),
  });
  return { introduce: (protocolVersion: number) => handshake.introduce({ protocolVersion, pid: 7 }), seen };
}
const answering = (protocolVersion: number) => async () => ({ protocolVersion, pid: 7 });
const throwing = (error: unknown) => async () => {
  throw error;
};

test('a runner of our version is connected once, however often it says that it is ready', async () => {
  const { introduce, seen } = create(answering(OURS));
  await introduce(OURS);
  await introduce(OURS);
  expect(seen).toEqual([{ pid: 7 }, 'the runner said twice that it is ready']);
});

test.each([
  { name: 'its first word', ready: OURS + 1, initialize: answering(OURS) },
  { name: 'its answer', ready: OURS, initialize: answering(OURS + 1) },
  { name: 'its refusal', ready: OURS, initialize: throwing(new PerchError('RUNNER_VERSION_MISMATCH')) },
])('another version in $name is not tried again', async ({ ready, initialize }) => {
  const { introduce, seen } = create(initialize);
  await introduce(ready);
  expect(seen).toEqual([{ code: 'RUNNER_VERSION_MISMATCH', retry: false }]);
});

test('an error is told and may be tried again; an ended connection is told by the exit', async () => {
  const failing = create(throwing(new Error('broken')));
  await failing.introduce(OURS);
  expect(failing.seen).toEqual([{ code: 'INTERNAL', retry: true }]);
  for (const code of ['RUNNER_CRASHED', 'RUNNER_NOT_CONNECTED'] as const) {
    const gone = create(throwing(new PerchError(code)));
    await gone.introduce(OURS);
    expect(gone.seen).toEqual([]);
  }
});
