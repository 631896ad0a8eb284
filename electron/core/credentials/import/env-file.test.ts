import { expect, test } from 'vitest';
import { parseEnvText } from './env-file.ts';

test.each([
  ['A=1\nB=2', { A: '1', B: '2' }],
  ['A=1\r\nB=2\r\n', { A: '1', B: '2' }],
  ['A=1\rB=2', { A: '1', B: '2' }],
  ['\ufeffA=1', { A: '1' }],
  ['export A=1', { A: '1' }],
  ['  A = 1  ', { A: '1' }],
  ['A: 1', { A: '1' }],
  ['# A=0\nA=1 # the first\nB=2#x', { A: '1', B: '2' }],
  ['A="x # y" # z', { A: 'x # y' }],
  ['A=\'x "y"\'', { A: 'x "y"' }],
  ['A=`x "y" \'z\'`', { A: 'x "y" \'z\'' }],
  ["A='it's'", { A: "it's" }],
  ['A="a\nb"\nB=2', { A: 'a\nb', B: '2' }],
  ['A="a\\nb"', { A: 'a\nb' }],
  ["A='a\\nb'", { A: 'a\\nb' }],
  ['A="-----BEGIN KEY-----\r\nabc\r\n-----END KEY-----"', { A: '-----BEGIN KEY-----\nabc\n-----END KEY-----' }],
  ['A=\nB=""', { A: '', B: '' }],
  ['A=1\nA=2', { A: '2' }],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as files have it
  ['A=$HOME\nB=${A}', { A: '$HOME', B: '${A}' }],
  ['A=a=b==', { A: 'a=b==' }],
  ['', {}],
  ['# only this\n\n', {}],
])('%j', (text, values) => {
  expect(parseEnvText(text)).toEqual(values);
});

test.each(['just a letter to a friend', '{"a": 1}', '<html>'])('%j is another kind of file', (text) => {
  expect(parseEnvText(text)).toBeUndefined();
});
