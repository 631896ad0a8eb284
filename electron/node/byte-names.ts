/**
 * Names of files are bytes, and an agent may choose any. Those of a name that is no UTF-8 are carried as lone low
 * surrogates, U+DC80 and up, one each: a text that leads back to the very same name.
 */
const FIRST = 0xdc80;
const LAST = 0xdcff;

/** The text of a name or a path as the system has it. */
export function textOfName(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!text.includes('\ufffd') || Buffer.from(text).equals(bytes)) return text;
  return [...bytes].map((byte) => String.fromCharCode(byte < 0x80 ? byte : FIRST - 0x80 + byte)).join('');
}

/** The form of a path that the file system is asked with. */
export function bytesOf(path: string): string | Buffer {
  if (path.isWellFormed()) return path;
  return Buffer.concat(
    Array.from(path, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return code >= FIRST && code <= LAST ? Buffer.from([code - FIRST + 0x80]) : Buffer.from(character);
    }),
  );
}
