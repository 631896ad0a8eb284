import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../node/clock.ts';
import { createReferences } from './references.ts';

const PROJECT = 'project';
let folder: string;
let environment: Record<string, string>;
let kept: Map<string, string>;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'perch-references-')));
  for (const name of ['bin', 'home', PROJECT]) mkdirSync(join(folder, name));
  environment = { OP_ACCOUNT: 'work', SECRET_OF_HOST: 'not for op', GNUPGHOME: '/gnupg' };
  kept = new Map();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, script: string, where = 'bin'): void {
  const file = join(folder, where, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

function read(reference: string, path = [join(folder, 'bin'), '/usr/bin', '/bin']): Promise<string> {
  const shell = join(folder, 'bin', 'shell');
  const references = createReferences({
    loginShell: {
      program: shell,
      environment: { HOME: join(folder, 'home'), PATH: '/usr/bin:/bin' },
      clock: systemClock,
      random: { uuid: () => 'mark' },
    },
    path: async () => path.join(delimiter),
    environment,
    kept: async (name) => kept.get(name),
  });
  return references.read(reference, join(folder, PROJECT));
}

test.runIf(process.platform !== 'win32')('1Password is asked for exactly what the file names', async () => {
  program('op', `printf '%s|' "$@" > "$HOME/args"; env > "$HOME/env"; printf 'the value'`);
  expect(await read('op://Work place/OpenAI/credential')).toBe('the value');
  const seen = (name: string) => readFileSync(join(folder, 'home', name), 'utf8');
  expect(seen('args')).toBe('read|--no-newline|op://Work place/OpenAI/credential|');
  expect(seen('env')).toContain('OP_ACCOUNT=work');
  expect(seen('env')).not.toContain('SECRET_OF_HOST');
});

test.runIf(process.platform !== 'win32')('of an entry of pass the first line is the secret', async () => {
  program('pass', `[ "$1 $2" = 'show team/openai' ] && printf 'the value\\nuser: ada\\n'`);
  expect(await read('pass:team/openai')).toBe('the value');
});

test.runIf(process.platform !== 'win32')('a variable is the one of the login shell', async () => {
  program('shell', `FROM_PROFILE='the value' exec /bin/sh -c "$2"`);
  expect(await read('env:FROM_PROFILE')).toBe('the value');
  await expect(read('env:NOT_THERE')).rejects.toMatchObject({ code: 'REFERENCE_EMPTY' });
  program('shell', 'exit 1');
  await expect(read('env:FROM_PROFILE')).rejects.toMatchObject({ code: 'REFERENCE_COULD_NOT_CHECK' });
});

test('what the user keeps in Perch is read by its name', async () => {
  kept.set('MY_TOKEN', 'the value');
  expect(await read('keychain:MY_TOKEN')).toBe('the value');
  await expect(read('keychain:OTHER')).rejects.toMatchObject({ code: 'REFERENCE_EMPTY' });
});

test.runIf(process.platform !== 'win32')('whatever goes wrong is told without what the program said', async () => {
  await expect(read('op://a/b/c')).rejects.toMatchObject({ code: 'REFERENCE_PROGRAM_MISSING' });
  program('op', 'echo canary; echo canary >&2; exit 3');
  const failed = await read('op://a/b/c').catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 'REFERENCE_FAILED', values: { exitCode: 3 } });
  expect(JSON.stringify(failed)).not.toContain('canary');
  program('op', 'head -c 100000 /dev/zero');
  await expect(read('op://a/b/c')).rejects.toMatchObject({ code: 'REFERENCE_FAILED' });
  program('op', 'printf ""');
  await expect(read('op://a/b/c')).rejects.toMatchObject({ code: 'REFERENCE_EMPTY' });
});

test.runIf(process.platform !== 'win32')('a program that the folder itself brings along is never asked', async () => {
  program('op', 'printf evil', PROJECT);
  const own = join(folder, PROJECT);
  await expect(read('op://a/b/c', [own])).rejects.toMatchObject({ code: 'REFERENCE_PROGRAM_MISSING' });
  program('op', 'printf good');
  expect(await read('op://a/b/c', [own, join(folder, 'bin')])).toBe('good');
});
