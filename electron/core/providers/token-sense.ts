import { GENERAL_SHAPES } from '../../../shared/redaction/general-shapes.ts';
import { createLooksSecret } from '../../../shared/redaction/looks-secret.ts';
import { createRedactor } from '../../../shared/redaction/redactor.ts';
import { keyRedactionShapes } from './key-redaction.ts';
import { loadProviders } from './load.ts';

/**
 * Tells a text with a secret in it by the shapes of the registry, for a host that has no core yet. The files are read
 * when the first text is looked at.
 */
export function createTokenSense(resourcesDir: string): (text: string) => boolean {
  let sense: ((text: string) => boolean) | undefined;
  return (text) => {
    if (sense === undefined) {
      const shapes = [...GENERAL_SHAPES, ...keyRedactionShapes([...loadProviders(resourcesDir).values()])];
      const redactor = createRedactor({ shapes });
      sense = createLooksSecret((candidate) => redactor.redact(candidate) !== candidate);
    }
    return sense(text);
  };
}
