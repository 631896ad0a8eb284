import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createKeyringHome, type KeyringHome, whyNoKeyring } from '../../keychain/testing/keyring-session.ts';
import { createTestInstallation, type TestInstallation } from '../../wiring/testing/installation.ts';

const missing = whyNoKeyring();
if (missing !== undefined) console.warn(`skipped: forgetting in the real Secret Service, because ${missing}`);

let home: KeyringHome;
let installation: TestInstallation;
beforeEach(() => {
  home = createKeyringHome();
  installation = createTestInstallation();
});
afterEach(() => {
  home.remove();
  installation.remove();
});

test.skipIf(missing !== undefined)(
  'a forgotten agent, project, and installation leave nothing in the real keyring, and others stay',
  { timeout: 90_000 },
  () => {
    const { dataDir, resourcesDir, programsDir } = installation;
    const script = `printf pw | gnome-keyring-daemon --unlock --components=secrets >&2; exec "$NODE" "$PROGRAM" "$@"`;
    const args = ['--', 'sh', '-c', script, 'sh', dataDir, resourcesDir, programsDir];
    const out = execFileSync('dbus-run-session', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: {
        PATH: process.env.PATH ?? '/usr/bin:/bin',
        HOME: home.dir,
        XDG_DATA_HOME: join(home.dir, 'data'),
        XDG_RUNTIME_DIR: join(home.dir, 'run'),
        NODE: process.execPath,
        PROGRAM: join(import.meta.dirname, 'testing', 'real-keyring.ts'),
      },
    });
    expect(JSON.parse(out)).toEqual({
      before: ['agent', 'global', 'project', 'variable of agent', 'variable of project'],
      afterAgent: ['global', 'project', 'variable of project'],
      afterProject: ['global'],
      again: ['global'],
      listed: 2,
      variables: 1,
      afterEverything: [],
      noted: { account: expect.any(String), password: dataDir },
    });
    expect(readdirSync(dataDir)).toEqual(['run']);
  },
);
