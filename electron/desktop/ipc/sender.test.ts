import { expect, test } from 'vitest';
import { mayCall } from './sender.ts';

const ours = 'app://perch/#/settings';

test('the main frame of our window, on our page', () => {
  expect(mayCall({ isOurs: true, frame: { url: ours, isMain: true } })).toBe(true);
});

test.each([
  ['a sub-frame', { isOurs: true, frame: { url: ours, isMain: false } }],
  ['contents that are not ours', { isOurs: false, frame: { url: ours, isMain: true } }],
  ['a frame that is gone', { isOurs: true, frame: null }],
  ['about:blank', { isOurs: true, frame: { url: 'about:blank', isMain: true } }],
  ['no address', { isOurs: true, frame: { url: '', isMain: true } }],
  ['another host', { isOurs: true, frame: { url: 'app://evil/', isMain: true } }],
  ['a lookalike', { isOurs: true, frame: { url: 'app://perch.evil/', isMain: true } }],
  ['the web', { isOurs: true, frame: { url: 'https://perch/', isMain: true } }],
])('not %s', (_, sender) => expect(mayCall(sender)).toBe(false));
