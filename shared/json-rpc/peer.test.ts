import { describe, expect, test } from 'vitest';
import { defined } from '../defined.ts';
import { PerchError } from '../errors/perch-error.ts';
import type { Carrier } from './carrier.ts';
import { createLineCarrier } from './line-carrier.ts';
import { createCarrierPair } from './pair.ts';
import { createPeer, PeerClosedError, type PeerOptions, type ProtocolError } from './peer.ts';

const unknownMethod: PeerOptions['onRequest'] = async (method) => {
  throw new PerchError('METHOD_NOT_FOUND', { method });
};

function peerOn(carrier: Carrier, options: Partial<PeerOptions> = {}) {
  const errors: ProtocolError[] = [];
  const peer = createPeer({
    carrier,
    onRequest: unknownMethod,
    onNotification: () => {},
    onProtocolError: (error) => errors.push(error),
    ...options,
  });
  return { peer, errors };
}

/** A peer whose other end is a bare carrier: the test speaks for it. */
function peerAndWire(options: Partial<PeerOptions> = {}) {
  const [mine, wire] = createCarrierPair();
  const received: Record<string, unknown>[] = [];
  const waiting: (() => void)[] = [];
  wire.onMessage((text) => {
    received.push(JSON.parse(text) as Record<string, unknown>);
    for (const wake of waiting.splice(0)) wake();
  });
  const answered = async (count: number) => {
    while (received.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    return received;
  };
  return { ...peerOn(mine, options), wire, received, answered };
}

/** Until all that was sent in memory has arrived. */
async function delivered() {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

const say = (wire: Carrier, message: object) => wire.send(JSON.stringify({ jsonrpc: '2.0', ...message }));

describe('requests', () => {
  test('both ends may ask, at the same time, and answers find their questions out of order', async () => {
    const [left, right] = createCarrierPair();
    const gates = new Map<string, () => void>();
    const one = peerOn(left, { onRequest: async (method, params) => ({ from: 'left', method, params }) });
    const other = peerOn(right, {
      onRequest: (method) => new Promise((resolve) => gates.set(method, () => resolve(`answer to ${method}`))),
    });
    const first = one.peer.request('first', {});
    const second = one.peer.request('second', {});
    await expect(other.peer.request('hello', { a: [1, 'é'] })).resolves.toEqual({
      from: 'left',
      method: 'hello',
      params: { a: [1, 'é'] },
    });
    gates.get('second')?.();
    gates.get('first')?.();
    await expect(Promise.all([first, second])).resolves.toEqual(['answer to first', 'answer to second']);
    expect([...one.errors, ...other.errors]).toEqual([]);
  });

  test('an error crosses with code, values and details, and without its cause', async () => {
    const [left, right] = createCarrierPair();
    const { peer } = peerOn(left);
    peerOn(right, {
      onRequest: async () => {
        throw new PerchError(
          'MISSING_BYOK_CREDENTIAL',
          { providerId: 'openai' },
          { details: { accepted: [['OPENAI_API_KEY']] }, cause: new Error('internal') },
        );
      },
    });
    const error = await peer.request('x', {}).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(PerchError);
    expect(error).toMatchObject({
      code: 'MISSING_BYOK_CREDENTIAL',
      values: { providerId: 'openai' },
      details: { accepted: [['OPENAI_API_KEY']] },
    });
    expect((error as Error).cause).toBeUndefined();
  });

  test('an unknown method is refused as such', async () => {
    const [left, right] = createCarrierPair();
    const { peer } = peerOn(left);
    peerOn(right);
    await expect(peer.request('nothing.here', {})).rejects.toMatchObject({ code: 'METHOD_NOT_FOUND' });
  });

  test('an unexpected error crosses as INTERNAL, without its text', async () => {
    const { wire, answered } = peerAndWire({
      onRequest: async () => {
        throw new TypeError('the secret is hunter2');
      },
    });
    say(wire, { id: 1, method: 'x' });
    expect((await answered(1))[0]).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error: { code: -32000, message: 'INTERNAL', data: { code: 'INTERNAL', values: {} } },
    });
  });

  test('a result that JSON cannot hold is answered as an error, and nothing as null', async () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    const { wire, answered } = peerAndWire({ onRequest: async (method) => (method === 'cyclic' ? cyclic : undefined) });
    say(wire, { id: 'a', method: 'cyclic' });
    say(wire, { id: 'b', method: 'nothing' });
    const [first, second] = (await answered(2)).toSorted((x, y) => String(x.id).localeCompare(String(y.id)));
    expect(first).toMatchObject({ id: 'a', error: { message: 'INTERNAL' } });
    expect(second).toEqual({ jsonrpc: '2.0', id: 'b', result: null });
  });

  test('params that JSON cannot hold reject the request and leave nothing pending', async () => {
    const { peer } = peerAndWire();
    await expect(peer.request('x', { big: 1n })).rejects.toBeInstanceOf(TypeError);
  });

  test('errors of foreign peers become INTERNAL or METHOD_NOT_FOUND, their text the cause', async () => {
    const { peer, wire } = peerAndWire();
    const answers = [peer.request('a', {}), peer.request('b', {}), peer.request('c', {})];
    say(wire, { id: 1, error: { code: -32601, message: 'Method not found' } });
    say(wire, { id: 2, error: { code: -32000, message: 'X', data: { code: 'NO_SUCH_CODE', values: {} } } });
    say(wire, { id: 3, error: { code: 7, message: 'seven' } });
    const settled = await Promise.allSettled(answers);
    expect(settled.map((one) => (one.status === 'rejected' ? (one.reason as PerchError).code : 'resolved'))).toEqual([
      'METHOD_NOT_FOUND',
      'INTERNAL',
      'INTERNAL',
    ]);
  });
});

describe('order', () => {
  test('notifications arrive in order and before the answer that was sent after them', async () => {
    const [left, right] = createCarrierPair();
    const seen: unknown[] = [];
    const { peer } = peerOn(left, { onNotification: (method, params) => seen.push([method, params]) });
    const other = peerOn(right, {
      onRequest: async () => {
        for (let count = 0; count < 3; count++) other.peer.notify('event', { count });
        return {};
      },
    });
    await peer.request('go', {});
    expect(seen).toEqual([
      ['event', { count: 0 }],
      ['event', { count: 1 }],
      ['event', { count: 2 }],
    ]);
  });

  test('a listener that throws is reported and stops nothing', async () => {
    const { wire, errors, answered } = peerAndWire({
      onNotification: () => {
        throw new Error('no');
      },
      onRequest: async () => 'still here',
    });
    say(wire, { method: 'event' });
    say(wire, { id: 1, method: 'x' });
    expect((await answered(1))[0]).toMatchObject({ result: 'still here' });
    expect(errors).toEqual([{ kind: 'listener-failed', method: 'event', cause: new Error('no') }]);
  });
});

describe('against the protocol', () => {
  test.each([
    ['junk', 'not JSON'],
    ['{"jsonrpc":"2.0","id":', 'not JSON'],
    ['', 'not JSON'],
    ['null', 'not an object'],
    ['"text"', 'not an object'],
    ['[{"jsonrpc":"2.0","method":"x"}]', 'not an object'],
    ['{}', 'not JSON-RPC 2.0'],
    ['{"jsonrpc":"1.0","method":"x"}', 'not JSON-RPC 2.0'],
    ['{"jsonrpc":"2.0"}', 'neither request nor response'],
    ['{"jsonrpc":"2.0","id":1}', 'neither request nor response'],
    ['{"jsonrpc":"2.0","id":1,"result":1,"error":{"code":1,"message":"x"}}', 'neither request nor response'],
    ['{"jsonrpc":"2.0","method":5}', 'the method is not a string'],
    ['{"jsonrpc":"2.0","method":"x","id":null}', 'the id is neither text nor number'],
    ['{"jsonrpc":"2.0","method":"x","id":{}}', 'the id is neither text nor number'],
    ['{"jsonrpc":"2.0","result":1}', 'a result without id'],
    ['{"jsonrpc":"2.0","id":1,"error":"broken"}', 'the error has no code'],
    ['{"jsonrpc":"2.0","error":{"code":1,"message":"x"}}', 'an error without id'],
  ])('%s is reported', async (text, reason) => {
    const { wire, errors, received } = peerAndWire();
    wire.send(text);
    await delivered();
    expect(errors).toEqual([{ kind: 'invalid-message', reason, excerpt: text }]);
    expect(received).toEqual([]);
  });

  test('an invalid request that has an id is answered, so that nobody waits for ever', async () => {
    const { wire, answered } = peerAndWire();
    wire.send('{"jsonrpc":"2.0","id":4,"method":{}}');
    expect((await answered(1))[0]).toMatchObject({ id: 4, error: { code: -32600 } });
  });

  test('a report holds only the beginning of a huge message', async () => {
    const { wire, errors } = peerAndWire();
    wire.send('x'.repeat(1_000_000));
    await delivered();
    expect(errors[0]).toMatchObject({ kind: 'invalid-message', excerpt: 'x'.repeat(200) });
  });

  test('answers to questions never asked, and second answers, are reported', async () => {
    const { peer, wire, errors } = peerAndWire();
    const answer = peer.request('x', {});
    say(wire, { id: 1, result: 'first' });
    say(wire, { id: 1, result: 'second' });
    say(wire, { id: 99, result: 'what?' });
    say(wire, { id: '1', error: { code: 1, message: 'text id' } });
    say(wire, { id: null, error: { code: -32700, message: 'parse error' } });
    await expect(answer).resolves.toBe('first');
    await delivered();
    expect(errors).toEqual([
      { kind: 'duplicate-response', id: 1 },
      { kind: 'unknown-response', id: 99 },
      { kind: 'unknown-response', id: '1' },
      { kind: 'rejected-by-peer', error: { code: -32700, message: 'parse error' } },
    ]);
  });

  test('a request whose id is still being answered is reported and not run', async () => {
    let runs = 0;
    const { wire, errors } = peerAndWire({
      onRequest: () => {
        runs++;
        return new Promise(() => {});
      },
    });
    say(wire, { id: 1, method: 'x' });
    say(wire, { id: 1, method: 'y' });
    await delivered();
    expect(runs).toBe(1);
    expect(errors).toEqual([{ kind: 'duplicate-request', id: 1, method: 'y' }]);
  });

  test('names of every object are no trap', async () => {
    const { wire, answered } = peerAndWire({ onRequest: async (method, params) => ({ method, params }) });
    wire.send('{"jsonrpc":"2.0","id":"__proto__","method":"constructor","params":{"__proto__":{"x":1}}}');
    expect((await answered(1))[0]).toMatchObject({ id: '__proto__', result: { method: 'constructor' } });
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});

describe('closing', () => {
  test('settles everything pending, on both ends, and tells why', async () => {
    const [left, right] = createCarrierPair();
    const one = peerOn(left, { onRequest: () => new Promise(() => {}) });
    const other = peerOn(right, { onRequest: () => new Promise(() => {}) });
    const asked = [one.peer.request('a', {}), one.peer.request('b', {}), other.peer.request('c', {})];
    one.peer.close({ kind: 'failed', message: 'enough' });
    const settled = await Promise.allSettled(asked);
    expect(settled.map((result) => result.status === 'rejected' && result.reason instanceof PeerClosedError)).toEqual([
      true,
      true,
      true,
    ]);
    await expect(one.peer.closed).resolves.toEqual({ kind: 'failed', message: 'enough' });
    await expect(other.peer.closed).resolves.toEqual({ kind: 'ended', message: 'closed by the other side' });
  });

  test('requests after it are refused at once, notifications and late answers go nowhere', async () => {
    const { peer, wire, received, errors } = peerAndWire();
    const asked = peer.request('a', {});
    peer.close();
    peer.close({ kind: 'failed', message: 'again' });
    await expect(asked).rejects.toBeInstanceOf(PeerClosedError);
    await expect(peer.request('b', {})).rejects.toMatchObject({ reason: { kind: 'ended' } });
    peer.notify('n', {});
    say(wire, { id: 1, result: 'late' });
    await delivered();
    expect(received.map(({ method }) => method)).toEqual(['a']);
    expect(errors).toEqual([]);
  });

  test('a handler that finishes after it harms nobody', async () => {
    let finish = () => {};
    const { peer, wire } = peerAndWire({
      onRequest: () =>
        new Promise((resolve) => {
          finish = () => resolve('late');
        }),
    });
    say(wire, { id: 1, method: 'slow' });
    await delivered();
    peer.close();
    finish();
    await delivered();
    await expect(peer.closed).resolves.toMatchObject({ kind: 'ended' });
  });

  test('what was sent before a close arrives before it; a carrier closed earlier closes its peer', async () => {
    const [left, right] = createCarrierPair();
    const seen: string[] = [];
    const { peer } = peerOn(left, { onNotification: (method) => seen.push(method) });
    right.send('{"jsonrpc":"2.0","method":"last words"}');
    right.close();
    await peer.closed;
    expect(seen).toEqual(['last words']);
    await expect(peerOn(left).peer.closed).resolves.toMatchObject({ kind: 'ended' });
  });
});

describe('over lines', () => {
  function lineCarrier(maxChars?: number) {
    const written: string[] = [];
    let closes = 0;
    const line = createLineCarrier({
      write: (text) => written.push(text),
      close: () => closes++,
      ...defined({ maxChars }),
    });
    return { line, written, closes: () => closes };
  }

  test('each message is one line, whatever it holds', async () => {
    const { line, written } = lineCarrier();
    const { peer } = peerOn(line.carrier);
    peer.notify('x', { text: 'two\nlines\r\n' });
    expect(written).toEqual([
      `${JSON.stringify({ jsonrpc: '2.0', method: 'x', params: { text: 'two\nlines\r\n' } })}\n`,
    ]);
  });

  test('messages before somebody listens are kept', async () => {
    const { line } = lineCarrier();
    line.push('{"jsonrpc":"2.0","method":"early"}\n');
    const seen: string[] = [];
    peerOn(line.carrier, { onNotification: (method) => seen.push(method) });
    expect(seen).toEqual(['early']);
  });

  test('a line over the limit closes the connection as a violation', async () => {
    const { line, closes } = lineCarrier(100);
    const { peer } = peerOn(line.carrier);
    const asked = peer.request('x', {});
    line.push('y'.repeat(101));
    await expect(asked).rejects.toMatchObject({ reason: { kind: 'protocol-violation' } });
    expect(closes()).toBe(1);
  });

  test('a stream that ends inside a line is a violation, one that ends after it is not', async () => {
    const broken = lineCarrier();
    const half = peerOn(broken.line.carrier);
    broken.line.push('{"jsonrpc"');
    broken.line.end();
    await expect(half.peer.closed).resolves.toMatchObject({ kind: 'protocol-violation' });
    const clean = lineCarrier();
    const whole = peerOn(clean.line.carrier);
    clean.line.push('{"jsonrpc":"2.0","method":"x"}\n');
    clean.line.end({ kind: 'ended', message: 'exit code 0' });
    await expect(whole.peer.closed).resolves.toEqual({ kind: 'ended', message: 'exit code 0' });
  });

  test('junk between messages is reported and the messages pass', async () => {
    const { line } = lineCarrier();
    const seen: string[] = [];
    const { errors } = peerOn(line.carrier, { onNotification: (method) => seen.push(method) });
    line.push('(node:1) Warning: something\n{"jsonrpc":"2.0","method":"a"}\n\n{"jsonrpc":"2.0","method":"b"}\n');
    expect(seen).toEqual(['a', 'b']);
    expect(errors).toMatchObject([{ kind: 'invalid-message', reason: 'not JSON' }]);
  });
});
