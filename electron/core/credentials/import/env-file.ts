import { parse } from 'dotenv';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import { type Harvest, type Providers, recognise } from './found.ts';
import { readTextFile } from './read-file.ts';

/**
 * The credentials of a `.env` file.
 * @throws PerchError IMPORT_FILE_*
 */
export async function fromEnvFile(file: string, providers: Providers): Promise<Harvest> {
  const values = parseEnvText(await readTextFile(file));
  if (values === undefined) throw new PerchError('IMPORT_FILE_NOT_UNDERSTOOD', { file });
  return { ...recognise(values, { providers, source: file }), problems: [] };
}

/** Undefined when there is text and not one assignment in it: another kind of file. References are not followed. */
export function parseEnvText(text: string): Record<string, string> | undefined {
  const values = parse(text);
  const isOtherText = Object.keys(values).length === 0 && /^\s*[^#\s]/m.test(text);
  return isOtherText ? undefined : values;
}
