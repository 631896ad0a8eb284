/** Runs once before all tests of Vitest. `npm test` has prepared the same for all of its stages already. */
import { say } from './install.mjs';
import { CHECKOUT, NO_ORDINARY_USER, prepareOrdinaryUser } from './ordinary-user.mjs';
import { root } from './paths.mjs';
import { bundleTestPrograms } from './test-programs.mjs';

export default async function setup() {
  if (process.env[CHECKOUT] !== undefined || process.env[NO_ORDINARY_USER] !== undefined) return undefined;
  await bundleTestPrograms();
  const { environment, dispose } = prepareOrdinaryUser({ root, node: process.execPath, say });
  Object.assign(process.env, environment);
  return dispose;
}
