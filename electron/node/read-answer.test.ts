import { describe, expect, test } from 'vitest';
import { readAnswer, readAnswerStart } from './read-answer.ts';

describe('an answer', () => {
  test('is read whole up to its limit, with characters that lie across chunks', async () => {
    expect(await readAnswer(new Response(inChunks('größer'), {}), 8)).toBe('größer');
  });

  test('beyond its limit is refused, and the rest is not fetched', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        controller.enqueue(new Uint8Array(4));
      },
    });
    await expect(readAnswer(new Response(endless), 8)).rejects.toThrow('more than 8 bytes');
    expect(sent).toBeLessThan(6);
  });

  test('gives its beginning where that is enough', async () => {
    expect(await readAnswerStart(new Response(inChunks('abcdefgh')), 3)).toBe('abc');
  });

  test('without a body is empty', async () => {
    expect(await readAnswer(new Response(null, { status: 204 }), 8)).toBe('');
  });
});

/** One byte a chunk. */
function inChunks(text: string): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const byte of Buffer.from(text)) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
}
