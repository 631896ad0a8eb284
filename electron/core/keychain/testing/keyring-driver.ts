import { spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import { createKeyringKeychain } from '../keyring.ts';
import { createVault } from '../vault.ts';
import type { DriverRequest } from './keyring-session.ts';

// A program of the tests: JSON lines in, JSON lines out, the product's own keychain between.
const keychain = createKeyringKeychain('installation-under-test');
const vault = createVault(keychain);

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
    case 'list':
      return { accounts: (await keychain.list()).sort() };
    case 'write':
      await vault.write(request.account, request.value);
      return { items: vault.itemsFor(request.value) };
    case 'read':
      return { value: await vault.read(request.account, request.items) };
    case 'erase':
      await vault.erase(request.account, request.items);
      return {};
    case 'kill-daemon':
      killDaemon();
      return {};
  }
}

/** Until the bus has noticed: a call before that meets the dying daemon. */
function killDaemon(): void {
  const pid = daemonPid();
  if (pid === undefined) throw new Error('there is no daemon');
  process.kill(pid, 'SIGKILL');
  while (daemonPid() === pid);
}

/** The bus knows which process has the name. */
function daemonPid(): number | undefined {
  const bus = 'org.freedesktop.DBus';
  const args = ['--session', '--print-reply=literal', `--dest=${bus}`, '/', `${bus}.GetConnectionUnixProcessID`];
  const asked = spawnSync('dbus-send', [...args, 'string:org.freedesktop.secrets'], { encoding: 'utf8' });
  return asked.status === 0 ? Number(asked.stdout.trim().split(/\s+/).at(-1)) : undefined;
}
