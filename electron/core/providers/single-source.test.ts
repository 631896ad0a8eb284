import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadProviders } from './load.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** What is no product code: it may name what it tests or shows. */
const NOT_PRODUCT = [/\.test\.tsx?$/, /\/testing\//, /\/node_modules\//, /^renderer\/dev\//];

/** The only places that may say what the registry says, each with its reason. */
const EXCEPTIONS: Readonly<Record<string, { readonly facts: readonly string[]; readonly reason: string }>> = {
  'shared/redaction/general-shapes.ts': {
    facts: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'github_pat_'],
    reason: 'git uses them first: they are masked also where there is no registry, in the runner',
  },
};

/** Hosts of addresses, names of variables, starts of keys: what only `resources/providers/` may hold. */
function registryFacts(): ReadonlyMap<string, RegExp> {
  const facts = new Map<string, RegExp>();
  for (const provider of loadProviders(join(ROOT, 'resources')).values()) {
    const asked = [provider.liveness?.at, provider.modelList?.at];
    const addresses = [
      ...Object.values(provider.endpoints),
      ...asked.map((at) => (at !== undefined && 'url' in at ? at.url : undefined)),
    ];
    for (const host of addresses.flatMap(hostParts)) facts.set(host, word(host));
    for (const { name } of provider.variables) facts.set(name, word(name, '(?![A-Za-z0-9_])'));
    for (const { prefix } of provider.keyShapes) facts.set(prefix, word(prefix));
  }
  return facts;
}

/** A host whole; of one that holds `{VARIABLE}` the longest part that stands fast. */
function hostParts(address: string | undefined): string[] {
  const host = /^https?:\/\/([^/]*)/.exec(address ?? '')?.[1];
  const longest = host?.split(/\{[^}]*\}/).toSorted((a, b) => b.length - a.length)[0];
  return longest === undefined ? [] : [longest];
}

/** Not the end of a longer word: `sk-` is no part of `ask-line`. The end of a host may be the end of any host. */
function word(text: string, end = ''): RegExp {
  const start = /^\w/.test(text) ? '(?<![A-Za-z0-9_])' : '';
  return new RegExp(start + text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') + end);
}

/** A comment decides nothing. */
function withoutComments(text: string): string {
  return text.replace(/^\s*(?:\/\/.*|\/\*[\s\S]*?\*\/)/gm, '');
}

function found(text: string, facts: ReadonlyMap<string, RegExp>): string[] {
  const code = withoutComments(text);
  return [...facts].filter(([, pattern]) => pattern.test(code)).map(([fact]) => fact);
}

function productFiles(): string[] {
  return ['electron', 'shared', 'renderer'].flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
      .map((name) => `${room}/${name.replaceAll('\\', '/')}`)
      .filter((name) => /\.(ts|tsx|html)$/.test(name) && !NOT_PRODUCT.some((pattern) => pattern.test(name))),
  );
}

const facts = registryFacts();

test('no address, variable or key prefix of a provider stands outside the registry', () => {
  const files = productFiles();
  expect(files.length).toBeGreaterThan(200);
  const elsewhere = files.flatMap((file) =>
    found(readFileSync(join(ROOT, file), 'utf8'), facts)
      .filter((fact) => !EXCEPTIONS[file]?.facts.includes(fact))
      .map((fact) => `${file}: ${fact}`),
  );
  expect(elsewhere).toEqual([]);
});

test('each exception is still needed', () => {
  for (const [file, exception] of Object.entries(EXCEPTIONS)) {
    expect(found(readFileSync(join(ROOT, file), 'utf8'), facts).toSorted()).toEqual(exception.facts.toSorted());
  }
});

test.each([
  ["const base = 'https://api.anthropic.com/v1';", ['api.anthropic.com']],
  ['const name = environment.OPENAI_API_KEY;', ['OPENAI_API_KEY']],
  ["if (key.startsWith('sk-or-v1-')) return;", ['sk-or-v1-']],
  ["const base = 'https://mine.openai.azure.com/openai';", ['.openai.azure.com']],
  ['<a href="http://127.0.0.1:11434/">', ['127.0.0.1:11434']],
])('%s would be found', (text, expected) => {
  expect(found(text, facts)).toEqual(expect.arrayContaining(expected));
});

test.each([
  "import './ask-line.ts';",
  'MY_OPENAI_API_KEY_2',
  '  // OPENAI_API_KEY is read there',
  '/** `{OPENAI_API_KEY: …}` */',
])('%s would not', (text) => {
  expect(found(text, facts)).toEqual([]);
});

test('every policy of a variable has its sentence', () => {
  const texts = JSON.parse(readFileSync(join(ROOT, 'resources/locales/en/window.json'), 'utf8')) as object;
  const policies = [...loadProviders(join(ROOT, 'resources')).values()].flatMap(({ variables }) =>
    variables.flatMap(({ policy }) => policy ?? []),
  );
  expect(policies.length).toBeGreaterThan(0);
  for (const policy of policies) expect(texts).toHaveProperty([`policy.${policy}`]);
});
