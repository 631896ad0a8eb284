import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { say } from './install.mjs';
import { capture, run } from './run.mjs';

/** What a command needs of the system: the programs that will do, and Debian's package with one of them. */
const NEEDS = {
  bubblewrap: { programs: ['bwrap'], why: 'the sandbox of the agents' },
  dbus: { programs: ['dbus-run-session'], why: 'access to the keychain' },
  'gnome-keyring': { programs: ['gnome-keyring-daemon', 'kwalletd6', 'kwalletd5', 'keepassxc'], why: 'the keychain' },
  python3: { programs: ['python3'], why: 'building terminal support' },
  make: { programs: ['make'], why: 'building terminal support' },
  'g++': { programs: ['g++', 'c++', 'clang++'], why: 'building terminal support' },
  chromium: { programs: ['chromium'], why: 'the browser tests' },
  git: { programs: ['git'], why: 'the tests' },
  ripgrep: { programs: ['rg'], why: 'the sandbox that benchmarks compare with' },
  socat: { programs: ['socat'], why: 'the escape suite, and the sandbox that benchmarks compare with' },
  curl: { programs: ['curl'], why: 'the escape suite' },
  wget: { programs: ['wget'], why: 'the escape suite' },
};

export const TO_START = ['bubblewrap', 'dbus', 'gnome-keyring', 'python3', 'make', 'g++'];
export const TO_TEST = [...TO_START, 'chromium', 'git', 'curl', 'wget', 'socat'];
export const TO_BENCH = ['bubblewrap', 'ripgrep', 'socat'];

/**
 * Installs what is missing when this is Debian and we may; otherwise names the one line to type and goes on: what is
 * missing then shows in the window, in `perch doctor` and among the skipped tests.
 */
export async function ensureSystemPackages(wanted) {
  if (process.platform !== 'linux') return;
  const missing = wanted.filter((name) => !NEEDS[name].programs.some(onPath));
  if (missing.length === 0) return;
  const line = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  const reasons = missing.map((name) => `${name} (${NEEDS[name].why})`).join(', ');
  if (!existsSync('/etc/debian_version') || !onPath('apt-get')) {
    return say(`Missing on this system: ${reasons}. Install them with your package manager.`);
  }
  if (process.getuid?.() !== 0) return say(`Missing on this system: ${reasons}. Install them with: sudo ${line}`);
  say(`Installing system packages: ${reasons} …`);
  await aptInstall(missing, line);
}

async function aptInstall(missing, line) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const updated = await capture('apt-get', ['update', '-q'], { env });
  if (updated.status !== 0) say(`apt-get update failed: ${updated.output.trim().split('\n').at(-1)}`);
  // The child's stdout goes to our stderr: a caller may read our stdout.
  const args = ['install', '-q', '-y', '--no-install-recommends', ...missing];
  const status = await run('apt-get', args, { env, stdio: ['ignore', 2, 2] });
  if (status !== 0) say(`apt-get could not install them. Run it yourself to see why: ${line}`);
}

function onPath(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin', '/bin'];
  return folders.some((folder) => folder !== '' && isExecutable(join(folder, program)));
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
