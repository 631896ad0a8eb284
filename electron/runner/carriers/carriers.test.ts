import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createParentPortCarrier, findParentPort } from './parent-port.ts';
import { createStdioCarrier } from './stdio.ts';

describe('the carrier on stdio', () => {
  it('carries lines both ways and ends with either stream', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    const carrier = createStdioCarrier(input, output);
    const received: string[] = [];
    carrier.onMessage((text) => received.push(text));
    const closed = new Promise((resolve) => carrier.onClose(resolve));
    carrier.send('{"a":1}');
    expect(String(output.read())).toBe('{"a":1}\n');
    input.end('{"b"');
    input.resume();
    expect(await closed).toMatchObject({ kind: 'protocol-violation' });
    expect(received).toEqual([]);
  });

  it('ends when the other side is gone', async () => {
    const output = new PassThrough();
    const carrier = createStdioCarrier(new PassThrough(), output);
    const closed = new Promise((resolve) => carrier.onClose(resolve));
    output.destroy(new Error('EPIPE'));
    expect(await closed).toEqual({ kind: 'failed', message: 'EPIPE' });
  });
});

describe('the carrier on a utility process port', () => {
  it('carries texts, and takes anything else for a violation', () => {
    const port = Object.assign(new EventEmitter(), {
      sent: [] as unknown[],
      postMessage: (text: unknown) => port.sent.push(text),
    });
    expect(findParentPort({})).toBeUndefined();
    const carrier = createParentPortCarrier(findParentPort({ parentPort: port }) ?? port);
    const seen: unknown[] = [];
    carrier.onMessage((text) => seen.push(text));
    carrier.onClose((reason) => seen.push(reason.kind));
    carrier.send('out');
    port.emit('message', { data: 'in' });
    port.emit('message', { data: { not: 'text' } });
    port.emit('message', { data: 'late' });
    expect(port.sent).toEqual(['out']);
    expect(seen).toEqual(['in', 'protocol-violation']);
  });
});
