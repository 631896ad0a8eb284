import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { declarationFileSchema } from './file-schema.ts';

const PUBLISHED = join(import.meta.dirname, '..', '..', '..', '..', 'resources', 'schema', 'perch.schema.json');

/** After a change of the schema: `vitest run -u` with this file. */
test('the published JSON schema is the one that files are read by', async () => {
  const schema = { title: 'perch.toml', ...z.toJSONSchema(declarationFileSchema, { io: 'input' }) };
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(PUBLISHED);
});
