import { expect, it } from 'vitest';
import { createPlainText } from './plain-text.ts';

it('takes colours and moves out, also those that are cut', () => {
  const plain = createPlainText();
  const pieces = ['\u001b[1;3', '1mred\u001b', '[0m text\r\n', 'next'];
  expect(pieces.map(plain.push).join('')).toBe('red text\r\nnext');
});

it('knows the last line that says something', () => {
  const plain = createPlainText();
  expect(plain.lastLine()).toBeUndefined();
  plain.push('one\r\ntwo\r\n\r\n  \r\n');
  expect(plain.lastLine()).toBe('two');
  plain.push('thr');
  plain.push('ee');
  expect(plain.lastLine()).toBe('three');
});
