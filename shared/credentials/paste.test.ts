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

const repairs = (text: string, provider: ProviderView | null = one) =>
  inspectPaste(text, { provider: provider ?? undefined, providers }).repairs.map(({ text: repaired }) => repaired);

test('a good key is said to be one', () => {
  expect(inspect(KEY)).toEqual({
    clean: KEY,
    findings: [{ key: 'paste.right-shape', level: 'info', values: { provider: 'ONE' } }],
    repairs: [],
  });
});

test('trimmed ends are told, with their number', () => {
  expect(inspect(`  ${KEY}\r\n`)).toMatchObject({
    clean: KEY,
    findings: [{ key: 'paste.trimmed', level: 'info', values: { count: 4 } }, { key: 'paste.right-shape' }],
    repairs: [],
  });
});

test('a token that wrapped across lines is warned about first, and can be joined', () => {
  const { findings, clean, repairs: offered } = inspect(`${KEY.slice(0, 80)}\n  ${KEY.slice(80)}\n`);
  expect(findings[0]).toEqual({
    key: 'paste.interior-lines',
    level: 'warn',
    values: { lines: 2, line: 1, column: 81, at: 80 },
  });
  expect(clean).toContain('\n');
  expect(offered).toEqual([{ of: 'paste.interior-lines', kind: 'join', text: KEY }]);
  expect(findings.map((found) => found.key)).toContain('paste.right-shape');
});

test.each([
  ['a blank inside', `${KEY.slice(0, 20)} ${KEY.slice(20)}`, 'paste.interior-blanks', 'warn', 20],
  ['CRLF', `${KEY.slice(0, 20)}\r\n${KEY.slice(20)}`, 'paste.interior-lines', 'warn', 20],
  ['no-break space', `${KEY.slice(0, 9)}\u00a0${KEY.slice(9)}`, 'paste.no-break-spaces', 'warn', 9],
  ['zero width', `${KEY.slice(0, 9)}\u200b${KEY.slice(9)}`, 'paste.zero-width', 'error', 9],
  ['after blanks at the start', `  ${KEY.slice(0, 9)} ${KEY.slice(9)}`, 'paste.interior-blanks', 'warn', 11],
])('%s is placed where the field has it, and one click repairs it', (_, text, key, level, at) => {
  const inspection = inspect(text);
  expect(inspection.findings[0]).toMatchObject({ key, level, values: { at, line: 1, column: at + 1 } });
  expect(inspection.findings.filter((found) => found.level !== 'info')).toHaveLength(1);
  expect(inspection.repairs).toEqual([{ of: key, kind: 'join', text: KEY }]);
});

const HALVES = `${KEY.slice(0, 50)}\n${KEY.slice(50)}`;
test.each([
  ['paste.assignment', 'unwrap', `export ONE_KEY=${KEY}`],
  ['paste.assignment', 'unwrap', `ONE_KEY="${KEY}"`],
  ['paste.assignment', 'unwrap', `export ONE_KEY=" ${HALVES} "`],
  ['paste.assignment', 'unwrap', `ONE_KEY=${KEY} # mine`],
  ['paste.assignment', 'unwrap', `$env:ONE_KEY = "${KEY}"`],
  ['paste.assignment', 'unwrap', `ONE_KEY: '${KEY}',`],
  ['paste.assignment', 'unwrap', `"apiKey": "${KEY}",`],
  ['paste.quotes', 'unwrap', `'${KEY}'`],
  ['paste.quotes', 'unwrap', `"${KEY}`],
  ['paste.header', 'use-token', `Authorization: Bearer ${KEY}`],
  ['paste.assignment', 'unwrap', `"Authorization": "Bearer ${KEY}"`],
  ['paste.header', 'use-token', `x-api-key: ${KEY}\nanthropic-version: 2023-06-01\ncontent-type: application/json`],
  ['paste.header', 'use-token', `content-type: application/json\nx-api-key: ${HALVES}`],
  ['paste.header', 'use-token', `Bearer ${KEY}`],
  ['paste.json-token', 'use-token', JSON.stringify({ ONE_KEY: KEY, model: 'one-large' })],
  ['paste.json-token', 'use-token', JSON.stringify({ headers: { Authorization: `Bearer ${KEY}` } }, null, 2)],
  ['paste.json-token', 'use-token', `{"ONE_KEY": "${HALVES}"}`],
  ['paste.curl', 'use-token', `curl https://api.one.example/v1 \\\n  -H "x-api-key: ${KEY}" -d '{"a": 1}'`],
  ['paste.url', 'use-token', `https://api.one.example/v1/models?key=${KEY}&limit=1`],
  ['paste.prose', 'use-token', `Here is your key: ${KEY}. Keep it safe!`],
  ['paste.prose', 'use-token', `${KEY}\n(the key of the team)`],
])('%s is one finding with one click, %s: %s', (key, kind, text) => {
  const { findings, repairs: offered, clean } = inspect(text);
  const loud = findings.filter(({ level }) => level !== 'info').map((found) => found.key);
  expect(loud).toEqual([key]);
  expect(offered).toMatchObject([{ kind, text: KEY }]);
  expect(findings.map((found) => found.key)).toContain('paste.right-shape');
  expect(clean).toBe(text);
});

test('a token without a known shape is found by the name that it stands under', () => {
  for (const text of [
    'Authorization: Bearer good-key-1',
    'x-api-key: good-key-1',
    '{"PLAIN_KEY": "good-key-1"}',
    'https://plain.example/v1?api_key=good-key-1',
    `curl -H 'Authorization: Bearer good-key-1' https://plain.example`,
    'export PLAIN_KEY="good-key-1"',
  ]) {
    expect(repairs(text, plain), text).toEqual(['good-key-1']);
  }
});

test('several tokens are several to choose from, and none is preferred', () => {
  const { findings, repairs: offered } = inspect(`old: ${KEY}\nnew: ${OAUTH}`);
  expect(findings[0]).toEqual({ key: 'paste.several', level: 'warn', values: { count: 2 } });
  expect(offered).toEqual([KEY, OAUTH].map((text) => ({ of: 'paste.several', kind: 'use-one', text })));
  expect(repairs(`FIRST_KEY=${KEY}\nSECOND_KEY=${OAUTH}`)).toEqual([KEY, OAUTH]);
});

test('words after a token that could go on are not glued to it unasked', () => {
  const open = `sk-one-team-${'aB3'.repeat(10)}`;
  expect(repairs(`${open} thanks`)).toEqual([open, `${open}thanks`]);
  expect(repairs(`${open}\n${'aB3'.repeat(5)}`)).toEqual([`${open}${'aB3'.repeat(5)}`]);
});

test.each([
  ['a sentence', 'Please ask the admin for it', 'paste.sentence'],
  ['an address', 'https://console.one.example/settings/keys', 'paste.no-token-url'],
  ['JSON of settings', '{"model": "one-large"}', 'paste.no-token-json'],
  ['a reference', 'export ONE_KEY=$MY_OTHER_KEY', 'paste.no-token-reference'],
  ['a command from a manual', 'curl -H "x-api-key: $ONE_KEY" https://api.one.example', 'paste.no-token-curl'],
  ['a PEM key', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn\n-----END OPENSSH PRIVATE KEY-----', 'paste.pem-key'],
  ['an SSH key', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0 me@laptop', 'paste.ssh-key'],
])('%s where a token belongs is named, and nothing is offered', (_, text, key) => {
  const { findings, repairs: offered } = inspect(text);
  expect(findings).toMatchObject([{ key, level: 'warn' }]);
  expect(offered).toEqual([]);
});

test.each([
  ['a smart quote inside', `sk-one-“${KEY.slice(7)}`, 'paste.unsendable-quote', { code: 'U+201C', at: 7, column: 8 }],
  ['a dash', KEY.replace('-one-', '–one-'), 'paste.unsendable-dash', { code: 'U+2013', at: 2, column: 3 }],
  ['a sum sign', `${KEY.slice(0, -1)}∑`, 'paste.unsendable-other', { character: '∑', at: 107 }],
  ['an escape', `\u001b[32m${KEY}`, 'paste.unsendable-control', { code: 'U+001B', at: 0 }],
  ['a zero byte in the second line', `abc\nd\0f`, 'paste.unsendable-control', { code: 'U+0000', line: 2, column: 2 }],
  ['an emoji', `${KEY}🔑`, 'paste.unsendable-other', { code: 'U+1F511' }],
])('%s cannot be stored, and its place is told', (_, text, key, values) => {
  expect(inspect(text).findings.find(({ level }) => level === 'error')).toMatchObject({ key, values });
});

test('what a click would take away bars the value until then, and is told once', () => {
  const { findings, repairs: offered } = inspect(`“${KEY}”`);
  expect(findings.filter(({ level }) => level !== 'info')).toEqual([
    { key: 'paste.quotes', level: 'error', values: {} },
  ]);
  expect(offered).toMatchObject([{ text: KEY }]);
});

test('a secret of no provider may be anything, and a variable that is no secret too', () => {
  for (const text of ['a ∑ b', 'https://ada:pw@db.example/x?key=abcdef', '{"a":"b"}', 'ssh-ed25519 AAAAC3 me']) {
    expect(inspectPaste(text, { providers }).findings.filter(({ level }) => level === 'error')).toEqual([]);
  }
  expect(repairs('MY_SECRET="correct horse battery"', null)).toEqual(['correct horse battery']);
  const azure: ProviderView = { ...one, variables: [{ name: 'ONE_HOST', kind: 'plain' }] };
  expect(inspectPaste('https://one.example/x', { provider: azure, providers, variable: 'ONE_HOST' }).findings).toEqual(
    [],
  );
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
  ['PEM', `-----BEGIN PRIVATE KEY-----\nMIIEvQ\nIBADAN\n-----END PRIVATE KEY-----\n`, undefined, 'paste.pem'],
  ['JSON', JSON.stringify({ type: 'service_account', private_key: 'a\nb' }, null, 2), one, 'paste.json'],
])('%s keeps its lines and raises no warning', (_, text, provider, key) => {
  const { findings, clean, repairs: offered } = inspectPaste(text, { provider, providers });
  expect(findings.every((found) => found.level === 'info')).toBe(true);
  expect(findings.map((found) => found.key)).toContain(key);
  expect(clean).toBe(text.trim());
  expect(offered).toEqual([]);
});

const words = new Set(['ONE', 'TWO', 'THREE', 'PLAIN', 'ONE_KEY', 'ONE_TOKEN']);
const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ maxLength: 200 }),
  fc
    .array(fc.constantFrom(KEY, OAUTH, ' ', '\n', '\r\n', '\u200b', '"', 'export ONE_KEY=', 'gsk_'), { maxLength: 8 })
    .map((parts) => parts.join('')),
);

test('whatever is pasted: only the ends are trimmed, no finding repeats any of it, and each offer belongs to one', () => {
  fc.assert(
    fc.property(anything, fc.constantFrom(one, plain, undefined), (text, provider) => {
      const { findings, clean, repairs: offered } = inspectPaste(text, { provider, providers });
      expect(clean).toBe(text.trim());
      // Blanks, and whatever else has no width or says a direction: no repair keeps it, and each keeps the rest.
      const unseen = /[\s\p{Cf}]+/gu;
      const dense = text.replace(unseen, '');
      for (const { of, text: repaired } of offered) {
        expect(findings.map(({ key }) => key)).toContain(of);
        expect(dense).toContain(repaired.replace(unseen, ''));
      }
      for (const [name, value] of findings.flatMap((found) => Object.entries(found.values))) {
        if (name === 'character' || name === 'code') continue;
        expect(typeof value === 'number' || value.split(', ').every((word) => words.has(word))).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

const GAPS = [' ', '\n', '\r\n', '\n   ', '\u00a0', '\u200b'] as const;
const broken = (gaps: readonly string[]) => (token: string) =>
  fc
    .array(fc.tuple(fc.integer({ min: 1, max: token.length - 1 }), fc.constantFrom(...gaps)), {
      minLength: 1,
      maxLength: 5,
    })
    .map((places) =>
      places.sort(([a], [b]) => b - a).reduce((text, [at, gap]) => text.slice(0, at) + gap + text.slice(at), token),
    );
const token = fc.constantFrom(KEY, OAUTH, `sk-${'a1'.repeat(16)}`, `gsk_${'aB3x'.repeat(13)}`);
/** Each of the shapes in which a token is copied, around what may be a broken one. */
const wrappings: readonly ((token: string) => string)[] = [
  (inner) => `"${inner}"`,
  (inner) => ` '${inner}';\n`,
  (inner) => `“${inner}”`,
  (inner) => `export SOME_KEY=${inner}`,
  (inner) => `export SOME_KEY=" ${inner} "`,
  (inner) => `SOME_API_KEY: ${inner}`,
  (inner) => `Authorization: Bearer ${inner}`,
  (inner) => `x-api-key: ${inner}`,
  (inner) => `-H 'X-Api-Key: ${inner}'`,
  (inner) => `curl -H 'Authorization: Bearer ${inner}' -d @body.json https://api.example/v1`,
];
const wholeOnly: readonly ((token: string) => string)[] = [
  (inner) => JSON.stringify({ apiKey: inner, id: 7, model: 'one-large' }, null, 2),
  (inner) => `{"env": {"SOME_KEY": "${inner}"}}`,
  (inner) => `https://api.example/v1/models?key=${encodeURIComponent(inner)}`,
  (inner) => `Hello, your new key is ${inner}, please keep it.`,
  (inner) => `${inner} <- this one`,
  (inner) => `# the key of the team\n${inner}`,
];

test('a key that is broken into short words is no sentence', () => {
  const text = OAUTH.replace('sk-', 's k -');
  expect(repairs(text)).toEqual([OAUTH]);
});

test('joining finds the key again, wherever and however it was broken', () => {
  fc.assert(
    fc.property(token.chain(broken(GAPS)), (text) => {
      const { repairs: offered, findings } = inspect(text);
      const key = text.replace(/[\s\u200b]/g, '');
      // A part after a blank may be a word beside the key: then both are offered.
      const mayBeWord = !/[\r\n]/.test(text) && text.split(/\s+/).some((part) => /^[A-Z]?[a-z]{0,14}$/.test(part));
      const texts = offered.map((one) => one.text);
      if (mayBeWord) expect(texts).toContain(key);
      else expect(texts).toEqual([key]);
      expect(findings.some((found) => found.level !== 'info')).toBe(true);
    }),
  );
});

test('whatever stands around a token, broken or not, one click yields exactly the token', () => {
  const pair = token.chain((whole) =>
    fc.tuple(fc.constant(whole), fc.oneof(fc.constant(whole), broken(['\n', '\r\n', '\n   '])(whole))),
  );
  const cases = fc.oneof(
    fc.tuple(pair, fc.constantFrom(...wrappings)),
    fc.tuple(
      token.map((whole) => [whole, whole] as [string, string]),
      fc.constantFrom(...wholeOnly),
    ),
  );
  fc.assert(
    fc.property(cases, fc.constantFrom(one, two), ([[whole, inner], wrap], provider) => {
      const { findings, repairs: offered } = inspect(wrap(inner), provider);
      expect(offered.map((repair) => repair.text)).toEqual([whole]);
      expect(findings.filter(({ key }) => key === offered[0]?.of)).toHaveLength(1);
    }),
    { numRuns: 400 },
  );
});

test('a PEM key keeps its line breaks, whatever stands around it', () => {
  const pem = '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\nIBADANBg\n-----END EC PRIVATE KEY-----';
  for (const text of [pem, ` ${pem}\n`, `"${pem}"`, `export SOME_KEY="${pem}"`]) {
    for (const provider of [one, undefined]) {
      const { clean, repairs: offered } = inspectPaste(text, { provider, providers });
      expect(clean).toContain(pem);
      for (const { text: repaired } of offered) expect(repaired).toBe(pem);
    }
  }
});
