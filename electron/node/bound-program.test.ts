import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { askVersion } from '../core/agents/version.ts';

const WAIT = 60_000;
const here = import.meta.dirname;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-bound-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function script(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${text}`, { mode: 0o755 });
  return file;
}

/** A pipe with a name: it ends for its reader once the last process that holds it is gone. */
async function readPipe(pipe: string) {
  await once(spawn('mkfifo', [pipe], { stdio: 'ignore' }), 'exit');
  const reader = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'ignore'] });
  return { opened: once(reader.stdout, 'data'), ended: once(reader, 'exit') };
}

/** Goes on for ever, as does what it started; both hold the pipe. */
const endless = (pipe: string) => script('endless', `exec 9>${pipe}\nsleep 600 &\necho up >&9\nwait\n`);

const DOORS = {
  'a question for a version': `
    import { askVersion } from ${JSON.stringify(join(here, '../core/agents/version.ts'))};
    void askVersion(process.argv[2], [], '/');`,
  'a login shell': `
    import { fromLoginShell } from ${JSON.stringify(join(here, '../core/credentials/import/login-shell.ts'))};
    const clock = { after: () => () => {} };
    void fromLoginShell({ program: process.argv[2], environment: {}, clock, random: { uuid: () => 'mark' } }, []);`,
};

describe.skipIf(process.platform === 'win32')('a bound program', () => {
  for (const [name, door] of Object.entries(DOORS))
    test(
      `${name} is gone with all it started when its starter is killed`,
      async () => {
        const pipe = join(folder, 'pipe');
        const { opened, ended } = await readPipe(pipe);
        const host = join(folder, 'host.mjs');
        writeFileSync(host, door);
        const starter = spawn(process.execPath, [host, endless(pipe)], { stdio: 'ignore', env: {} });
        await opened;
        starter.kill('SIGKILL');
        await ended;
      },
      WAIT,
    );

  test(
    'what a program leaves behind ends with it',
    async () => {
      const pipe = join(folder, 'pipe');
      const { ended } = await readPipe(pipe);
      const program = script('program', `exec 9>${pipe}\nsleep 600 &\necho v1.2.3\n`);
      expect(await askVersion(program, [], folder)).toBe('1.2.3');
      await ended;
    },
    WAIT,
  );

  test(
    'a program that is missing, fails or says too much has no version',
    async () => {
      expect(await askVersion(join(folder, 'missing'), [], folder)).toBeUndefined();
      expect(await askVersion(script('fails', 'echo 1.2.3; exit 1'), [], folder)).toBeUndefined();
      expect(await askVersion(script('talks', 'echo 1.2.3; exec yes'), [], folder)).toBeUndefined();
    },
    WAIT,
  );
});
