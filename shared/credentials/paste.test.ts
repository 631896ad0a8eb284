import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ProviderView } from '../model/provider.ts';
import { inspectPaste } from './paste.ts';

const shape = (pattern: string, prefix: string, minLength: number, kind: 'api-key' | 'oauth-token' = 'api-key') => ({
  pattern,
  prefix,
  minLength,
  kind,
});
const view = (providerId: string, keyShapes: ProviderView['keyShapes']): ProviderView => ({
  providerId,
  name: providerId.toUpperCase(),
  credentialAlternatives: [[`${providerId.toUpperCase()}_KEY`]],
  credentialRequired: true,
  defaultVariable: `${providerId.toUpperCase()}_KEY`,
  variables: [
    { name: `${providerId.toUpperCase()}_KEY`, kind: 'api-key' },
    { name: `${providerId.toUpperCase()}_TOKEN`, kind: 'oauth-token' },
  ],
  keyShapes,
  baseUrlSource: 'registry',
  models: [],
});

const one = view('one', [
  shape('^sk-one-key-[A-Za-z0-9]{97}$', 'sk-one-key-', 108),
  shape('^sk-one-oat-[A-Za-z0-9]{97}$', 'sk-one-oat-', 108, 'oauth-token'),
  shape('^sk-one-[a-z]+-[A-Za-z0-9]{10,}$', 'sk-one-', 20),
]);
const two = view('two', [shape('^sk-[a-z0-9]{32}$', 'sk-', 35)]);
const three = view('three', [shape('^gsk_[A-Za-z0-9]{52}$', 'gsk_', 56)]);
const plain = view('plain', []);
const providers = [one, two, three, plain];

const KEY = `sk-one-key-${'aB3'.repeat(32)}z`;
const OAUTH = `sk-one-oat-${'aB3'.repeat(32)}z`;
const inspect = (text: string, provider = one, variable?: string) =>
  inspectPaste(text, { provider, providers, variable });
const keys = (text: string, provider = one, variable?: string) =>
  inspect(text, provider, variable).findings.map((found) => found.key);

test('a good key is said to be one', () => {
  expect(inspect(KEY)).toEqual({
    clean: KEY,
    findings: [{ key: 'paste.right-shape', level: 'info', values: { provider: 'ONE' } }],
  });
});

test('trimmed ends are told, with their number', () => {
  expect(inspect(`  ${KEY}\r\n`)).toMatchObject({
    clean: KEY,
    findings: [{ key: 'paste.trimmed', level: 'info', values: { count: 4 } }, { key: 'paste.right-shape' }],
  });
});

test('a token that wrapped across lines is warned about first, and can be joined', () => {
  const { findings, clean, joined } = inspect(`${KEY.slice(0, 80)}\n  ${KEY.slice(80)}\n`);
  expect(findings[0]).toEqual({
    key: 'paste.interior-lines',
    level: 'warn',
    values: { lines: 2, line: 1, column: 81 },
  });
  expect(clean).toContain('\n');
  expect(joined).toBe(KEY);
  expect(findings.map((found) => found.key)).toContain('paste.right-shape');
});

test.each([
  [
    'a blank inside',
    `${KEY.slice(0, 20)} ${KEY.slice(20)}`,
    'paste.interior-blanks',
    { count: 1, line: 1, column: 21 },
  ],
  ['CRLF', `${KEY.slice(0, 20)}\r\n${KEY.slice(20)}`, 'paste.carriage-returns', { count: 1 }],
  [
    'no-break space',
    `${KEY.slice(0, 9)}\u00a0${KEY.slice(9)}`,
    'paste.no-break-spaces',
    { count: 1, line: 1, column: 10 },
  ],
  ['zero width', `${KEY.slice(0, 9)}\u200b${KEY.slice(9)}`, 'paste.zero-width', { count: 1, line: 1, column: 10 }],
])('%s', (_, text, key, values) => {
  const inspection = inspect(text);
  expect(inspection.findings).toContainEqual({ key, level: 'warn', values });
  expect(inspection.joined).toBe(KEY);
});

test.each([
  [`export ONE_KEY=${KEY}`, ['paste.assignment', 'paste.right-shape']],
  [`ONE_KEY="${KEY}"`, ['paste.assignment', 'paste.quotes', 'paste.right-shape']],
  [`'${KEY}'`, ['paste.quotes', 'paste.right-shape']],
  [`$env:ONE_KEY = "${KEY}"`, ['paste.assignment', 'paste.quotes', 'paste.right-shape']],
])('what stands around the token is seen, and can be taken off: %s', (text, expected) => {
  expect(keys(text)).toEqual(expected);
  expect(inspect(text)).toMatchObject({ clean: text, unwrapped: KEY });
});

test('the end of a base64 text is no assignment', () => {
  expect(keys('QUJDREVGR0hJSktMTU5PUA==', plain)).toEqual([]);
});

test.each([
  ['another provider', `gsk_${'a'.repeat(52)}`, one, ['paste.other-provider']],
  ['another provider, cut', `gsk_${'a'.repeat(20)}`, one, ['paste.other-provider']],
  ['another provider whose start is longer', KEY, two, ['paste.other-provider']],
  ['a short start does not win over the own shape', `sk-${'a1'.repeat(16)}`, two, ['paste.right-shape']],
  ['a subscription token in a key field', OAUTH, one, ['paste.oauth-token']],
  ['cut', KEY.slice(0, 60), one, ['paste.truncated']],
  ['cut at the edge of a terminal', KEY.slice(0, 80), one, ['paste.truncated-at-column']],
  ['nobody knows', 'something-else-entirely', one, ['paste.unknown-shape']],
  ['a provider without shapes', 'something-else-entirely', plain, []],
  ['a provider without shapes, at the edge', 'x'.repeat(80), plain, ['paste.maybe-cut']],
  ['nothing', ' \n', one, ['paste.empty']],
])('shape: %s', (_, text, provider, expected) => {
  expect(keys(text, provider)).toEqual(expected);
});

test('the field decides whether a token belongs there', () => {
  expect(keys(OAUTH, one, 'ONE_TOKEN')).toEqual(['paste.right-shape']);
  expect(inspect(KEY, one, 'ONE_TOKEN').findings).toEqual([
    { key: 'paste.api-key', level: 'warn', values: { variable: 'ONE_TOKEN', fitting: 'ONE_KEY' } },
  ]);
});

test.each([
  ['PEM', `-----BEGIN PRIVATE KEY-----\nMIIEvQ\nIBADAN\n-----END PRIVATE KEY-----\n`, 'paste.pem'],
  ['JSON', JSON.stringify({ type: 'service_account', private_key: 'a\nb' }, null, 2), 'paste.json'],
])('%s keeps its lines and raises no warning', (_, text, key) => {
  const { findings, clean, joined } = inspect(text);
  expect(findings.every((found) => found.level === 'info')).toBe(true);
  expect(findings.map((found) => found.key)).toContain(key);
  expect(clean).toBe(text.trim());
  expect(joined).toBeUndefined();
});

const words = new Set(['ONE', 'TWO', 'THREE', 'PLAIN', 'ONE_KEY', 'ONE_TOKEN']);
const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ maxLength: 200 }),
  fc
    .array(fc.constantFrom(KEY, OAUTH, ' ', '\n', '\r\n', '\u200b', '"', 'export ONE_KEY=', 'gsk_'), { maxLength: 8 })
    .map((parts) => parts.join('')),
);

test('whatever is pasted: the ends are trimmed and nothing else, and no finding repeats any of it', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const { findings, clean, joined, unwrapped } = inspect(text);
      expect(clean).toBe(text.trim());
      if (joined !== undefined) expect(joined).not.toMatch(/[\s\u200b\ufeff]/);
      if (unwrapped !== undefined) expect(clean).toContain(unwrapped);
      for (const value of findings.flatMap((found) => Object.values(found.values))) {
        expect(typeof value === 'number' || value.split(', ').every((word) => words.has(word))).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test('joining finds the key again, wherever and however it was broken', () => {
  const breaks = fc.array(
    fc.tuple(
      fc.integer({ min: 1, max: KEY.length - 1 }),
      fc.constantFrom(' ', '\n', '\r\n', '\n   ', '\u00a0', '\u200b'),
    ),
    { minLength: 1, maxLength: 5 },
  );
  fc.assert(
    fc.property(breaks, (places) => {
      let text = KEY;
      for (const [at, gap] of places.sort(([a], [b]) => b - a)) text = text.slice(0, at) + gap + text.slice(at);
      const { joined, findings } = inspect(text);
      expect(joined).toBe(KEY);
      expect(findings.some((found) => found.level === 'warn')).toBe(true);
    }),
  );
});
