import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FINDING_KEYS } from '../../shared/credentials/finding.ts';

const renderer = join(import.meta.dirname, '..');
const locales = join(renderer, '..', 'resources', 'locales', 'en');
const keys = new Set(
  ['window.json', 'errors.json', 'reasons.json'].flatMap((file) =>
    Object.keys(JSON.parse(readFileSync(join(locales, file), 'utf8'))),
  ),
);

function sources(): string {
  return readdirSync(renderer, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.') && !file.startsWith('dev'))
    .map((file) => readFileSync(join(renderer, file), 'utf8'))
    .join('\n');
}

const code = sources();
const sentences = [...code.matchAll(/<AgentSentence\s+of="([^"]+)"/g)].map(([, key]) => key ?? '');
const literal = [...code.matchAll(/\bt\(\s*'([^']+)'/g)].map(([, key]) => key ?? '').concat(sentences);
const patterns = [...code.matchAll(/[\s(]`([a-z][^`]*\.[^`]*\$\{[^`]+)`/g)].map(
  ([, template]) => new RegExp(`^${(template ?? '').replaceAll('.', '\\.').replaceAll(/\$\{[^}]+\}/g, '.+')}$`),
);

test('every key that the window asks for has a sentence', () => {
  expect(literal.length).toBeGreaterThan(100);
  expect([...literal, ...FINDING_KEYS].filter((key) => !keys.has(key))).toEqual([]);
});

test('every sentence of the window is asked for somewhere', () => {
  const own = Object.keys(JSON.parse(readFileSync(join(locales, 'window.json'), 'utf8')));
  const asked: ReadonlySet<string> = new Set([...FINDING_KEYS, ...sentences]);
  const unused = own.filter(
    (key) => !asked.has(key) && !code.includes(`'${key}'`) && !patterns.some((pattern) => pattern.test(key)),
  );
  expect(unused).toEqual([]);
});
