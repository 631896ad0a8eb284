import { execFileSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import { createKeyringKeychain } from '../keyring.ts';
import type { DriverRequest } from './keyring-session.ts';

// A program of the tests: JSON lines in, JSON lines out, the product's own keychain between.
const keychain = createKeyringKeychain('installation-under-test');

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await perform(JSON.parse(line) as DriverRequest).catch((error: unknown) => ({
    error: error instanceof PerchError ? error.code : String(error),
  }));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

async function perform(request: DriverRequest): Promise<unknown> {
  switch (request.do) {
    case 'get':
      return { value: await keychain.get(request.account) };
    case 'set':
      await keychain.set(request.account, request.value);
      return {};
    case 'delete':
      return { deleted: await keychain.delete(request.account) };
    case 'check':
      return keychain.check();
    case 'kill-daemon':
      process.kill(daemonPid(), 'SIGKILL');
      return {};
  }
}

/** The bus knows which process has the name. */
function daemonPid(): number {
  const bus = 'org.freedesktop.DBus';
  const args = ['--session', '--print-reply=literal', `--dest=${bus}`, '/', `${bus}.GetConnectionUnixProcessID`];
  return Number(
    execFileSync('dbus-send', [...args, 'string:org.freedesktop.secrets'], { encoding: 'utf8' })
      .trim()
      .split(/\s+/)
      .at(-1),
  );
}
