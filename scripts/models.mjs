#!/usr/bin/env node
/**
 * Reduces a copy of models.dev's `api.json` to what Perch uses, as `resources/models/models.json`.
 *
 *     node scripts/models.mjs <file> --date 2026-09-28 --origin "where the file is from"
 *
 * `<file>` is the JSON itself, or a program that carries it as a literal, such as opencode's executable.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readDataLiteral } from './lib/data-literal.mjs';
import { reduceModels } from './lib/reduce-models.mjs';

const RESOURCES = join(import.meta.dirname, '..', 'resources');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { date: { type: 'string' }, origin: { type: 'string' } },
});
const [file] = positionals;
if (file === undefined || !/^\d{4}-\d\d-\d\d$/.test(values.date ?? '') || !values.origin) {
  console.error('node scripts/models.mjs <api.json or a program with it> --date YYYY-MM-DD --origin "…"');
  process.exit(2);
}

const wanted = wantedIds();
const providers = reduceModels(readSource(file), wanted);
const head = {
  source: 'https://models.dev',
  api: 'https://models.dev/api.json',
  licence: 'MIT',
  date: values.date,
  origin: values.origin,
};
mkdirSync(join(RESOURCES, 'models'), { recursive: true });
writeFileSync(join(RESOURCES, 'models', 'models.json'), `${write(head, providers)}\n`);
for (const id of wanted) console.log(`${id}: ${providers[id]?.length ?? 'not in this copy'}`);

function wantedIds() {
  const folder = join(RESOURCES, 'providers');
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')).modelsDev ?? []);
}

function readSource(path) {
  const bytes = readFileSync(path);
  if (bytes.subarray(0, 64).toString('latin1').trimStart().startsWith('{')) return JSON.parse(bytes.toString('utf8'));
  const text = bytes.toString('latin1');
  const start = /\(\{(?:[\w$]+|"[^"]+"):\{id:"[^"]+",env:\[/.exec(text);
  if (start === null) throw new Error(`${path} carries no models.dev data in a form that is known here`);
  return readDataLiteral(text, start.index + 1).value;
}

/** One line a model: a new snapshot shows as the models that changed. */
function write(head, providers) {
  const rows = Object.entries(providers).map(([id, models]) => {
    const lines = models.map((model) => `      ${JSON.stringify(model)}`);
    return `    ${JSON.stringify(id)}: [\n${lines.join(',\n')}\n    ]`;
  });
  const fields = Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},`);
  return `{\n${fields.join('\n')}\n  "providers": {\n${rows.join(',\n')}\n  }\n}`;
}
