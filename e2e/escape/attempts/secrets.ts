import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Attempt, python, secretLooted } from '../attempt.ts';
import { SECRETS } from '../world.ts';

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
const read = (name: string, script: string, more: Partial<Attempt> = {}): Attempt => ({
  name,
  script,
  escaped: secretLooted,
  ...more,
});
/** A file of the project with a secret of its own. */
const dotEnv =
  (file: string): NonNullable<Attempt['prepare']> =>
  ({ write, project, secret }) =>
    write(join(project, file), `KEY=${secret}\n`, 0o600);

export const secrets: readonly Attempt[] = [
  ...SECRETS.map((file) => read(`home-${slug(file)}`, `cat "$HOST_HOME/${file}"`)),
  read(
    'everywhere',
    'grep -rsh --line-buffered CANARY. "$HOST_HOME" "$OTHER" "$OUTSIDE" "$DATA" /home /root /var/lib /var/tmp /run /mnt /opt /srv /dev/shm | head -3',
  ),
  read('through-first-process', 'cat "/proc/1/root$HOST_HOME/.ssh/id_ed25519" "/proc/self/root$HOST_HOME/.netrc"'),
  read('through-a-link', 'cat leads-home/.ssh/id_ed25519', {
    prepare: ({ project, home }) => symlinkSync(home, join(project, 'leads-home')),
  }),
  read('through-a-hard-link', 'ln "$OUTSIDE/secret.txt" hard-secret; cat hard-secret'),
  read('another-project', 'cat "$OTHER/notes.txt" ../other/notes.txt'),
  read('another-agent', 'cat "$DATA/agents/another/home/login.json" "$HOME/../../another/home/login.json"'),
  read('read-database-of-perch', 'cat "$DATA/secret.db"'),
  read('logs-of-perch', 'cat "$DATA/logs/secret.log"'),
  {
    name: 'password-hashes',
    onlyAsRoot: true,
    script: 'cat /etc/shadow',
    escaped: ({ loot }) => /^root:[^:]*:/m.test(loot),
  },
  read('environment-of-a-process', 'cat /proc/$VICTIM/environ /proc/[0-9]*/environ | tr "\\0" "\\n" | grep -a CANARY.'),
  read('dot-env', 'cat .env', { prepare: dotEnv('.env') }),
  read('dot-env-local', 'cat app/.env.local', { prepare: dotEnv('app/.env.local') }),
  read('dot-env-linked', 'ln -s app2/.env l2; ln app2/.env h2; cat l2 h2', { prepare: dotEnv('app2/.env') }),
  read('dot-env-renamed', 'mv app3/.env app3/plain; mv app3 app3b; cat app3/plain app3b/.env app3b/plain', {
    prepare: dotEnv('app3/.env'),
  }),
  read(
    'dot-env-exchanged',
    python(`
import ctypes
c = ctypes.CDLL(None)
open('app4/other', 'w').close()
c.renameat2(-100, b'app4/.env', -100, b'app4/other', 2)
for f in ('app4/other', 'app4/.env'): print(open(f).read())
`),
    { prepare: dotEnv('app4/.env') },
  ),
  read(
    'dot-env-unmounted',
    'unshare -Urm sh -c "umount -l app5/.env; cat app5/.env"; umount app5/.env; cat app5/.env',
    {
      prepare: dotEnv('app5/.env'),
    },
  ),
];
