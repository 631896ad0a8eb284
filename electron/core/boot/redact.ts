import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GENERAL_SHAPES } from '../../../shared/redaction/general-shapes.ts';
import { createRedactor } from '../../../shared/redaction/redactor.ts';
import { KEY_CHARS, keyRedactionShapes } from '../providers/key-redaction.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A provider in its registry file, where defaults are left out. */
interface ProviderFile {
  readonly keyShapes?: readonly { readonly prefix: string; readonly chars?: string }[];
}

/** Names of variables whose values are masked wherever they turn up. */
const SECRET_NAME = /KEY|TOKEN|SECRET|PASS|CREDENTIAL|AUTH/i;
/** Words that could be a token, for the case that the shapes of tokens are not known. */
const LONG_WORD = /[A-Za-z0-9_+=-]{20,}/g;

/**
 * Masks what may be secret in the reason of a failure, before any room of the core is open: shapes of tokens, and the
 * values of this process's own variables that are named like secrets. Where the registry cannot be read, every
 * long word is masked.
 */
export function redactAtBoot(text: string, options: { environment: Environment; resourcesDir: string }): string {
  const providers = readKeyShapes(options.resourcesDir);
  const redactor = createRedactor({ shapes: [...GENERAL_SHAPES, ...keyRedactionShapes(providers ?? [])] });
  for (const [name, value] of Object.entries(options.environment)) {
    if (value !== undefined && SECRET_NAME.test(name)) redactor.add(value);
  }
  const masked = redactor.redact(text);
  return providers === undefined ? masked.replace(LONG_WORD, '•••') : masked;
}

/** Read without the registry, which is a part of what may be broken. */
function readKeyShapes(resourcesDir: string): Parameters<typeof keyRedactionShapes>[0] | undefined {
  try {
    const folder = join(resourcesDir, 'providers');
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
    const providers = files.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as ProviderFile);
    if (providers.length === 0) return undefined;
    return providers.map(({ keyShapes = [] }) => ({
      keyShapes: keyShapes.map((shape) => ({ chars: KEY_CHARS, ...shape })),
    }));
  } catch {
    return undefined;
  }
}
