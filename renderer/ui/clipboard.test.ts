import { expect, test } from 'vitest';
import { type ClipboardAccess, clearIfHolds } from './clipboard.ts';

function clipboard(content: string, mayRead = true) {
  const written: string[] = [];
  const access: ClipboardAccess = {
    mayRead: async () => mayRead,
    read: async () => content,
    write: async (text) => void written.push(text),
  };
  return { access, written };
}

test('is emptied when it still holds the value, blanks aside', async () => {
  const { access, written } = clipboard('secret\n');
  expect(await clearIfHolds(['secret'], access)).toBe('cleared');
  expect(written).toEqual(['']);
});

test('is left alone when it holds something else', async () => {
  const { access, written } = clipboard('a poem');
  expect(await clearIfHolds(['secret'], access)).toBe('other-content');
  expect(written).toEqual([]);
});

test('where it may not be read, it was not cleared', async () => {
  const { access, written } = clipboard('secret', false);
  expect(await clearIfHolds(['secret'], access)).toBe('not-cleared');
  expect(written).toEqual([]);
});

test('a refusal on the way counts as not cleared', async () => {
  const { access } = clipboard('secret');
  const refusing = { ...access, read: () => Promise.reject(new Error('NotAllowedError')) };
  expect(await clearIfHolds(['secret'], refusing)).toBe('not-cleared');
});

test.each([
  ['wrapped in the terminal', 'sec\nret'],
  ['with the line breaks that the system made of it', 'sec\r\n  ret\r\n'],
  ['as a whole assignment', 'export X="secret"'],
])('what was pasted counts, %s', async (_, held) => {
  const { access, written } = clipboard(held);
  expect(await clearIfHolds(['secret', 'sec\nret', 'export X="secret"'], access)).toBe('cleared');
  expect(written).toEqual(['']);
});

test('an empty clipboard is told as that, and not written to', async () => {
  const { access, written } = clipboard(' \n');
  expect(await clearIfHolds(['secret', ''], access)).toBe('empty');
  expect(written).toEqual([]);
});
