import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { agentSchema } from '../electron/core/agents/schema.ts';
import { providerFileSchema } from '../electron/core/providers/schema.ts';

const ROOT = join(import.meta.dirname, '..');
const KINDS = [
  { kind: 'agents', title: 'An agent of Perch', page: 'agents.md', file: 'agent.schema.json', schema: agentSchema },
  {
    kind: 'providers',
    title: 'A provider of Perch',
    page: 'providers.md',
    file: 'provider.schema.json',
    schema: providerFileSchema,
  },
];

/** What the table of a documentation page says of each field. */
function fieldsOf(page: string): Map<string, string> {
  const rows = readFileSync(join(ROOT, 'docs', page), 'utf8').matchAll(/^\| `([$\w]+)` \| (.+) \|$/gm);
  return new Map([...rows].map(([, field = '', meaning = '']) => [field, meaning]));
}

/**
 * The schema that the program reads files by, as editors want it: with the page's words on each field, and without room
 * for a field that does not exist, which the program would pass over.
 */
function published({ title, page, schema }: (typeof KINDS)[number]): object {
  const { properties = {}, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  const fields = fieldsOf(page);
  const described = Object.entries(properties).map(([name, property]) => [
    name,
    { description: fields.get(name)?.replaceAll('`', ''), ...(property as object) },
  ]);
  return { title, ...rest, properties: Object.fromEntries(described), additionalProperties: false };
}

function validatorOf(file: string): ValidateFunction {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  return ajv.compile(JSON.parse(readFileSync(join(ROOT, 'resources', 'schema', file), 'utf8')) as object);
}

describe.each(KINDS)('resources/$kind', (one) => {
  const { kind, page, file, schema } = one;
  const names = readdirSync(join(ROOT, 'resources', kind)).filter((name) => name.endsWith('.json'));
  const read = (name: string) =>
    JSON.parse(readFileSync(join(ROOT, 'resources', kind, name), 'utf8')) as Record<string, unknown>;

  /** After a change of the schema or the page: `vitest run -u` with this file. */
  test('the published schema is the one that files are read by', async () => {
    const text = `${JSON.stringify(published(one), null, 2)}\n`;
    await expect(text).toMatchFileSnapshot(join(ROOT, 'resources', 'schema', file));
  });

  test('the page says what each field means, and names no other', () => {
    expect([...fieldsOf(page).keys()].sort()).toEqual(Object.keys(schema.shape).sort());
  });

  test.each(names)('%s names the schema and fits it', (name) => {
    const validate = validatorOf(file);
    validate(read(name));
    expect(validate.errors ?? []).toEqual([]);
    expect(read(name).$schema).toBe(`../schema/${file}`);
  });

  test('the example of the page fits', () => {
    const [, example = ''] = /```json\n([\s\S]+?)```/.exec(readFileSync(join(ROOT, 'docs', page), 'utf8')) ?? [];
    const validate = validatorOf(file);
    validate(JSON.parse(example));
    expect(validate.errors ?? []).toEqual([]);
    expect(schema.safeParse(JSON.parse(example)).error).toBeUndefined();
  });

  test('a field that does not exist, and one that is missing, are found', () => {
    const validate = validatorOf(file);
    const { name: _, ...rest } = read(names[0] ?? '');
    expect(validate({ ...rest, nmae: 'misspelt' })).toBe(false);
    expect(validate.errors?.map(({ keyword }) => keyword).sort()).toEqual(['additionalProperties', 'required']);
  });
});
