import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesOf, textOfName } from './byte-names.ts';

it('leads from every name back to its bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (name) => {
      expect(Buffer.from(bytesOf(textOfName(Buffer.from(name))))).toEqual(Buffer.from(name));
    }),
  );
});

it('leaves text as it is', () => {
  for (const name of ['plain', 'größe', '\ufffd', '🦜']) expect(textOfName(Buffer.from(name))).toBe(name);
});
