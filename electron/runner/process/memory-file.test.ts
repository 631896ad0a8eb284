import { closeSync, fstatSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { memoryFile } from './memory-file.ts';

test.skipIf(process.platform !== 'linux')('a file without a name, read from its beginning', () => {
  const content = Buffer.from('ü'.repeat(200_000));
  const descriptor = memoryFile(content);
  if (descriptor === undefined) throw new Error('no file');
  expect(fstatSync(descriptor)).toMatchObject({ nlink: 0, size: content.length });
  expect(readFileSync(descriptor).equals(content)).toBe(true);
  closeSync(descriptor);
});

test('elsewhere there are none', () => {
  expect(memoryFile('x', 'darwin')).toBeUndefined();
});
