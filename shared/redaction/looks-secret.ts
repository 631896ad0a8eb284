/** Long enough for a token, and of base64's letters alone. */
const BASE64_WORD = /[A-Za-z0-9+/_-]{24,}/g;
/** `scheme://user:password@host`; a password that is only referred to, `${NAME}`, is none. */
const PASSWORD_IN_URL = /[a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*:(?!\$\{)[^\s/?#@]+@/i;

/**
 * True when the author of a text wrote a secret into it: as it is, percent-encoded or in base64, or as the password of
 * an address.
 * @param hasShape true when a text holds a token's shape
 */
export function createLooksSecret(hasShape: (text: string) => boolean): (text: string) => boolean {
  return (text) => {
    const readable = percentDecoded(text);
    if (hasShape(text) || hasShape(readable) || PASSWORD_IN_URL.test(readable)) return true;
    return (readable.match(BASE64_WORD) ?? []).some((word) => hasShape(base64Decoded(word)));
  };
}

/** Byte by byte: shapes are ASCII, and one wrong escape must not hide the rest. */
function percentDecoded(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_escape, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function base64Decoded(word: string): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const letter of word.replaceAll('-', '+').replaceAll('_', '/')) {
    held = ((held << 6) | BASE64.indexOf(letter)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    text += String.fromCharCode((held >> bits) & 0xff);
  }
  return text;
}
