import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { User } from './world.ts';

/** A process of the user on the host with a secret in its memory, its environment, and in shared memory. */
export interface Victim {
  readonly variables: Readonly<Record<string, string>>;
  readonly secret: string;
  alive(): boolean;
  stop(): Promise<void>;
}

/** Whoever may trace it may: what holds an attempt back is then the sandbox alone. */
const PROGRAM = `
import ctypes, os, sys
c = ctypes.CDLL(None, use_errno=True)
c.prctl(0x59616d61, ctypes.c_ulong(-1), 0, 0, 0)
c.shmat.restype = ctypes.c_void_p
secret = os.environ['VICTIM_SECRET'].encode()
buffer = ctypes.create_string_buffer(secret)
key = os.getpid() | 0x50000000
shared = c.shmget(key, 4096, 0o1600)
ctypes.memmove(c.shmat(shared, None, 0), secret, len(secret))
print(ctypes.addressof(buffer), key, flush=True)
sys.stdin.read()
c.shmctl(shared, 0, None)
`;

export async function startVictim(user: User, secret: string): Promise<Victim> {
  const [program = '', ...args] = [...user.prefix, '/usr/bin/python3', '-c', PROGRAM, 'SHARED_SECRET_VICTIM'];
  const child: ChildProcess = spawn(program, args, {
    env: { VICTIM_SECRET: secret, PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  const [address = '', key = ''] = line.toString().trim().split(' ');
  return {
    secret,
    variables: { VICTIM: String(child.pid), ADDRESS: address, SHARED_KEY: key },
    alive: () => child.exitCode === null && child.signalCode === null,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.stdin?.end();
      await gone;
    },
  };
}
