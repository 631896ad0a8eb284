import { expect, test } from 'vitest';
import type { Params } from '../../../../shared/contract/methods.ts';
import { diagnosticsHandlers } from './diagnostics.ts';

function handlers() {
  const written: Params<'diagnostics.write'>[] = [];
  const made = diagnosticsHandlers({
    diagnostics: {
      plan: async () => ({ parts: [], secretsKnown: true }),
      async write(params) {
        written.push(params);
        return { file: '/home/x.zip', bytes: 1, secretsKnown: true };
      },
      reveal: async () => true,
    },
  });
  return { made, written };
}
const parts: Params<'diagnostics.write'>['parts'] = ['versions'];

test('a page has no say in where a file is written; the command line has', async () => {
  const { made, written } = handlers();
  const params = { parts, overwrite: true, file: '/home/ada/.bashrc' };
  await expect(made['diagnostics.write'](params, { kind: 'window' })).rejects.toMatchObject({ code: 'INVALID_PARAMS' });
  expect(written).toEqual([]);
  await made['diagnostics.write'](params, { kind: 'command-line' });
  await made['diagnostics.write']({ parts, overwrite: false }, { kind: 'window' });
  expect(written.map(({ file }) => file)).toEqual(['/home/ada/.bashrc', undefined]);
});
