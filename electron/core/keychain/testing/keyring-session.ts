import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Why the real Secret Service cannot be tried on this machine; undefined when it can. */
export function whyNoKeyring(): string | undefined {
  if (process.platform !== 'linux') return 'the Secret Service is a Linux thing';
  for (const program of ['dbus-run-session', 'gnome-keyring-daemon']) {
    try {
      execFileSync('/bin/sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    } catch {
      return `${program} is not installed`;
    }
  }
  return undefined;
}

/** A home of its own for a keyring, used by one session after the other: a keyring file outlives its daemon. */
export interface KeyringHome {
  readonly dir: string;
  remove(): void;
}

export function createKeyringHome(): KeyringHome {
  const dir = mkdtempSync(join(tmpdir(), 'perch-keyring-'));
  for (const name of ['data', 'run']) mkdirSync(join(dir, name), { mode: 0o700 });
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }) };
}

export type Session =
  /** A bus and an unlocked daemon. */
  | 'unlocked'
  /** A running daemon without any keyring, in which the command that Perch advises makes one. */
  | 'made-as-advised'
  /** A bus that starts the daemon when asked; its keyring is locked, or was never made. */
  | 'on-demand'
  /** The same with a screen, as far as anybody can tell, on which nobody answers. */
  | 'on-screen'
  /** A bus that lets nobody talk to the Secret Service. */
  | 'denied'
  /** A bus that knows no Secret Service. */
  | 'no-service'
  | 'no-bus';

export type DriverRequest =
  | { do: 'get' | 'delete'; account: string }
  | { do: 'set'; account: string; value: string }
  | { do: 'check' | 'list' }
  /** Of a whole value, over as many items as it needs. */
  | { do: 'write'; account: string; value: string }
  | { do: 'read' | 'erase'; account: string; items: number }
  | { do: 'kill-daemon' };

/** A process inside the session, with the product's own keychain in it. */
interface KeyringDriver {
  ask(request: DriverRequest): Promise<unknown>;
  close(): Promise<void>;
}

const BUS_WITHOUT_SERVICES = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`;

const BUS_THAT_DENIES = BUS_WITHOUT_SERVICES.replace(
  '</policy>',
  '<deny send_destination="org.freedesktop.secrets"/></policy><standard_session_servicedirs/>',
);

export function startDriver(home: KeyringHome, session: Session): KeyringDriver {
  const child = spawn('/bin/sh', ['-c', commandFor(home, session)], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      HOME: home.dir,
      XDG_DATA_HOME: join(home.dir, 'data'),
      XDG_RUNTIME_DIR: join(home.dir, 'run'),
      ...(session === 'on-screen' ? { DISPLAY: ':4711' } : {}),
      NODE: process.execPath,
      DRIVER: join(import.meta.dirname, 'keyring-driver.ts'),
    },
  });
  return talkTo(child);
}

function commandFor(home: KeyringHome, session: Session): string {
  const driver = '"$NODE" "$DRIVER"';
  switch (session) {
    case 'no-bus':
      return `exec ${driver}`;
    case 'on-demand':
    case 'on-screen':
      return `exec dbus-run-session -- ${driver}`;
    case 'unlocked':
      return `exec dbus-run-session -- sh -c 'printf pw | gnome-keyring-daemon --unlock --components=secrets >&2; ${driver}'`;
    case 'made-as-advised': {
      // The first word to the bus starts the daemon; without `--replace` its keyring would not be made.
      const start = 'dbus-send --session --print-reply --dest=org.freedesktop.secrets / org.freedesktop.DBus.Peer.Ping';
      const make = 'printf pw | gnome-keyring-daemon --replace --unlock --components=secrets';
      return `exec dbus-run-session -- sh -c '${start} >&2; ${make} >&2; ${driver}'`;
    }
    case 'denied':
    case 'no-service': {
      const config = join(home.dir, 'bus.conf');
      writeFileSync(config, session === 'denied' ? BUS_THAT_DENIES : BUS_WITHOUT_SERVICES);
      return `exec dbus-run-session --config-file='${config}' -- ${driver}`;
    }
  }
}

function talkTo(child: ChildProcess): KeyringDriver {
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('the driver has no pipes');
  const waiting: { resolve: (answer: unknown) => void; reject: (error: Error) => void }[] = [];
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  void exited.then(() => {
    for (const { reject } of waiting) reject(new Error('the driver ended'));
  });
  createInterface({ input: stdout }).on('line', (line) => waiting.shift()?.resolve(JSON.parse(line)));
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        stdin.write(`${JSON.stringify(request)}\n`);
      }),
    async close() {
      stdin.end();
      await exited;
    },
  };
}
