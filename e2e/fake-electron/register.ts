/**
 * `node --import …/register.ts …/run.ts dist/main.mjs` runs the built main bundle under plain Node: `electron` resolves to the
 * fake beside this file.
 */
import { registerHooks } from 'node:module';

const fake = new URL('./electron.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    return specifier === 'electron' ? { url: fake, shortCircuit: true } : next(specifier, context);
  },
});
