import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodingsOf } from './encodings.ts';
import { createRedactor } from './redactor.ts';

const encoders: Record<string, (value: string) => string> = {
  plain: (value) => value,
  'base64, first': (value) => Buffer.from(value).toString('base64'),
  'base64, after one byte': (value) => Buffer.from(`x${value}`).toString('base64'),
  'base64, after two bytes': (value) => Buffer.from(`xy${value}`).toString('base64'),
  'base64, between others': (value) => Buffer.from(`user:${value}:more`).toString('base64'),
  base64url: (value) => Buffer.from(`?${value}`).toString('base64url'),
  'hex, lower': (value) => Buffer.from(value).toString('hex'),
  'hex, upper': (value) => Buffer.from(value).toString('hex').toUpperCase(),
  'URL component': (value) => encodeURIComponent(value),
  'URL component, lower case': (value) =>
    encodeURIComponent(value).replace(/%[0-9A-F]{2}/g, (found) => found.toLowerCase()),
  'form data': (value) => new URLSearchParams({ '': value }).toString().slice(1),
  'URL path': (value) => encodeURI(value),
  JSON: (value) => JSON.stringify(value).slice(1, -1),
  'JSON in JSON': (value) => JSON.stringify(JSON.stringify(value)).slice(3, -3),
  XML: (value) =>
    value
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;'),
  'shell, single quotes': (value) => value.replaceAll("'", `'\\''`),
};

/** Values as they come: keys, passwords with every special character, words of other scripts. */
const values = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_-]{12,60}$/),
  fc.string({ minLength: 12, maxLength: 40, unit: 'grapheme' }).filter((text) => text.trim() === text),
  fc.stringMatching(/^[!-~]{12,40}$/),
);
const noise = fc.string({ maxLength: 30 });

/** The bits of a value at both ends share a base64 character with their neighbours; what is between may not show. */
function core(encoded: string, name: string): string {
  return name.startsWith('base64') ? encoded.replace(/=+$/, '').slice(8, -10) : encoded;
}

for (const [name, encode] of Object.entries(encoders)) {
  test(`a registered value does not show: ${name}`, () => {
    fc.assert(
      fc.property(values, noise, noise, (value, left, right) => {
        const redactor = createRedactor({ shapes: [] });
        redactor.add(value);
        const encoded = encode(value);
        const out = redactor.redact(`${left} ${encoded} ${right}`);
        expect(out).toContain('[redacted]');
        if (core(encoded, name).length > 5) expect(out).not.toContain(core(encoded, name));
        expect(createRedactor({ shapes: [] }).redact(encoded), 'control').toBe(encoded);
      }),
    );
  });
}

const KEY = 'sk-ant-api03-abcDEF0123456789_-abcDEF0123456789';
const PEM = `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n${'MIIEpAIBAAKCAQEA75+/\n'.repeat(4)}-----END RSA PRIVATE KEY-----`;
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';
const pieces = [
  'plain text, nothing in it',
  'Authorization: Bearer abc123def456ghi789\n',
  '{"x-api-key":"hello-there-1"}',
  'bearer ',
  'Bearer of bad news 12',
  'AKIAIOSFODNN7EXAMPLE',
  'ghp_0123456789abcdefghij0123456789abcdef',
  'eyJ',
  '-----BEGIN ',
  '-----END',
  'hunter22!',
  'hunt',
  'er22!',
  Buffer.from('xhunter22!y').toString('base64'),
  JWT,
  PEM,
  KEY,
];
const texts = fc
  .array(fc.oneof(fc.constantFrom(...pieces), noise, fc.constant(' ')), { maxLength: 12 })
  .map((parts) => parts.join(''));

test('wherever a text is cut, the stream says what the whole says', () => {
  fc.assert(
    fc.property(texts, fc.array(fc.nat(), { maxLength: 8 }), (text, cuts) => {
      const redactor = createRedactor();
      redactor.add('hunter22!');
      redactor.add('r22!AKIA');
      redactor.add('tion: Bearer abc');
      const places = [0, ...cuts.map((cut) => cut % (text.length + 1)), text.length].sort((a, b) => a - b);
      const stream = redactor.stream();
      let out = '';
      for (let index = 1; index < places.length; index++)
        out += stream.push(text.slice(places[index - 1], places[index]));
      out += stream.end();
      expect(out).toBe(redactor.redact(text));
      expect(out).not.toContain('hunter22!');
    }),
    { numRuns: 1500 },
  );
});

test('one character at a time is no different', () => {
  const redactor = createRedactor();
  redactor.add('hunter22!');
  const text = pieces.join(' | ');
  const stream = redactor.stream();
  const out = [...text].map((character) => stream.push(character)).join('') + stream.end();
  expect(out).toBe(redactor.redact(text));
});

test('a stream holds back only what may become a match', () => {
  const redactor = createRedactor();
  redactor.add('hunter22!');
  const stream = redactor.stream();
  expect(stream.push('a line that is done\nhun')).toBe('a line that is done\n');
  expect(stream.push('ting season ')).toBe('hunting season ');
  expect(stream.push('Z'.repeat(100_000))).toHaveLength(100_000);
});

test.each([
  ['Anthropic-like key in a header', 'x-api-key: sk-something-secret', 'x-api-key:[redacted]'],
  ['JSON header', '{"Authorization": "Bearer abcdef123456", "a": 1}', '{"Authorization": "[redacted]", "a": 1}'],
  ['bearer without a header', 'curl sent Bearer abcdef1234567890 to x', 'curl sent Bearer [redacted] to x'],
  ['prose', 'Bearer authentication failed', 'Bearer authentication failed'],
  ['JWT', `token ${JWT} end`, 'token [redacted] end'],
  ['a base64 object is no JWT', 'eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbXX0', 'eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbXX0'],
  ['PEM', `a\n${PEM}\nb`, 'a\n[redacted] RSA PRIVATE KEY-----\nb'],
  ['PEM in JSON', JSON.stringify({ key: PEM, next: 1 }), '{"key":"[redacted] RSA PRIVATE KEY-----","next":1}'],
  ['a certificate is public', '-----BEGIN CERTIFICATE-----\nMIIB\n', '-----BEGIN CERTIFICATE-----\nMIIB\n'],
  ['AWS key id', 'id=AKIAIOSFODNN7EXAMPLE;', 'id=[redacted];'],
  ['GitHub', 'https://ghp_0123456789abcdefghij0123456789abcdef@github.com', 'https://[redacted]@github.com'],
])('shape: %s', (_, text, expected) => {
  expect(createRedactor().redact(text)).toBe(expected);
});

test('shapes come as data, and only at the start of a word when they say so', () => {
  const redactor = createRedactor({ shapes: [{ lead: 'sk-', chars: 'A-Za-z0-9_-', min: 16, atWordStart: true }] });
  expect(redactor.redact(`key ${KEY}.`)).toBe('key [redacted].');
  expect(redactor.redact('task-runner-with-a-long-name')).toBe('task-runner-with-a-long-name');
});

test('neighbours melt into one replacement', () => {
  const redactor = createRedactor({ shapes: [] });
  redactor.add('first-secret');
  redactor.add('second-secret');
  expect(redactor.redact('first-secretsecond-secret first-secret')).toBe('[redacted] [redacted]');
});

test('values that overlap are masked whole', () => {
  const redactor = createRedactor({ shapes: [] });
  redactor.add('abcdefgh');
  redactor.add('efghijkl');
  expect(redactor.redact('..abcdefghijkl..')).toBe('..[redacted]..');
});

test('a value added twice stays until both took it back', () => {
  const redactor = createRedactor();
  const removeFirst = redactor.add('hunter22!');
  const removeSecond = redactor.add('hunter22!');
  removeFirst();
  removeFirst();
  expect(redactor.redact('hunter22!')).toBe('[redacted]');
  removeSecond();
  expect(redactor.redact('hunter22!')).toBe('hunter22!');
});

test('short values mask nothing by themselves', () => {
  const redactor = createRedactor();
  redactor.add('');
  redactor.add('a');
  redactor.add('12345');
  expect(redactor.redact('a 12345 b')).toBe('a 12345 b');
});

test('each long line of a multi-line value is masked on its own', () => {
  const redactor = createRedactor({ shapes: [] });
  redactor.add('line-one-of-it\nno\n  line-two-of-it');
  expect(redactor.redact('> line-two-of-it\n> no\n> line-one-of-it')).toBe('> [redacted]\n> no\n> [redacted]');
});

test('the output of `base64` with its line breaks is masked', () => {
  const redactor = createRedactor({ shapes: [] });
  const value = 'v'.repeat(40) + '0123456789'.repeat(8);
  redactor.add(value);
  const wrapped = Buffer.from(value).toString('base64').replace(/.{76}/g, '$&\n');
  expect(redactor.redact(wrapped)).toBe('[redacted]\n[redacted]\n[redacted]');
});

test('redacting twice changes nothing', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const redactor = createRedactor();
      redactor.add('hunter22!');
      const once = redactor.redact(text);
      expect(redactor.redact(once)).toBe(once);
    }),
  );
});

test('an encoding is never shorter than the shortest value', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      for (const form of encodingsOf(value)) expect(form.length).toBeGreaterThanOrEqual(6);
    }),
  );
});

test.each(Object.entries(encoders))('tells which value it masked: %s, wherever it was cut', (_name, encode) => {
  fc.assert(
    fc.property(values, noise, fc.nat(), (value, around, cut) => {
      const found: string[] = [];
      const redactor = createRedactor({ shapes: [], onFound: (one) => found.push(one) });
      redactor.add(value);
      redactor.add('another-value-that-is-not-there');
      const text = `${around} ${encode(value)} ${around}`;
      const stream = redactor.stream();
      const place = cut % text.length;
      stream.push(text.slice(0, place));
      stream.push(text.slice(place));
      stream.end();
      expect(new Set(found)).toEqual(new Set([value]));
    }),
    { numRuns: 50 },
  );
});

test('says nothing of a text without the value, nor of what only looks like a key', () => {
  const found: string[] = [];
  const redactor = createRedactor({ onFound: (one) => found.push(one) });
  redactor.add('the-very-secret-value');
  redactor.redact('the-very-secret-valu, and Authorization: Bearer sk-0123456789012345678901234567890123');
  expect(found).toEqual([]);
});
