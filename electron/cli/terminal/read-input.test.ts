import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createTyped, type InputStream, readAll, withoutFinalBreak } from './read-input.ts';

const type = (...chunks: string[]) => {
  const typed = createTyped();
  return chunks.map((chunk) => typed.push(chunk)).at(-1);
};

test.each([
  [['abc\r'], { value: 'abc' }],
  [['a', 'b', '\n'], { value: 'ab' }],
  [['ab\u007fc\r'], { value: 'ac' }],
  [['wrong\u0015right\r'], { value: 'right' }],
  [['ab\u0003'], { value: null }],
  [['\u0004'], { value: null }],
  [['\r'], { value: '' }],
  [['ab'], undefined],
  [['\u001b[200~one\rtwo\u001b[201~', '\r'], { value: 'one\ntwo' }],
  [['\u001b[2', '00~one\r', '\u001b[20', '1~\r'], { value: 'one\n' }],
  [['a\u001b[Db\u001b[3~c\u0001\r'], { value: 'abc' }],
  [['€\u007f𝄞\r'], { value: '𝄞' }],
])('typing %j', (chunks, result) => {
  expect(type(...chunks)).toEqual(result);
});

test('a pipe is read to its end, across characters that were cut in two', async () => {
  const stream = new PassThrough();
  const euro = Buffer.from('€');
  stream.write(euro.subarray(0, 1));
  stream.end(Buffer.concat([euro.subarray(1), Buffer.from('x\n')]));
  expect(await readAll(stream as unknown as InputStream, 100)).toBe('€x\n');
});

test('reading stops once there is too much', async () => {
  const stream = new PassThrough();
  stream.write(Buffer.alloc(200, 'a')); // and no end
  const text = await readAll(stream as unknown as InputStream, 100);
  expect(text.length).toBeGreaterThan(100);
});

test.each([
  ['a\n', 'a'],
  ['a\r\n', 'a'],
  ['a\n\n', 'a\n'],
  ['a', 'a'],
  ['', ''],
])('the final line break of %j', (text, without) => {
  expect(withoutFinalBreak(text)).toBe(without);
});
