import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { assertNever } from '../../../../shared/assert-never.ts';
import type { Message } from '../../../../shared/model/doctor.ts';
import type { KeychainHealth } from '../../../../shared/model/keychain.ts';
import { type Check, type Finding, finding, message } from './check.ts';

interface KeychainHost {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
}

export function keychainCheck(health: () => Promise<KeychainHealth>, host: KeychainHost): Check {
  return { id: 'keychain', run: async () => judgeKeychain(await health(), absentAdvice(host)) };
}

/** Pure. @param advice what to do where there is no keychain at all */
export function judgeKeychain(health: KeychainHealth, advice: Message): Finding {
  switch (health.state) {
    case 'available':
      return finding('ok', message('keychain', { store: health.store }));
    case 'unknown':
      return finding('could-not-check', message('keychain-unknown'));
    case 'absent':
      return finding('problem', message('keychain-absent'), advice);
    case 'no-collection':
      return finding('problem', message('keychain-no-collection'), message('keychain-no-collection-advice'));
    case 'locked':
      return finding('problem', message('keychain-locked'), message('keychain-locked-advice'));
    case 'prompt-dismissed':
      return finding('problem', message('keychain-dismissed'), message('keychain-dismissed-advice'));
    case 'denied':
      return finding('problem', message('keychain-denied'), message('keychain-denied-advice'));
    case 'changed': {
      const { previous, current } = health;
      return finding('warning', message('keychain-changed', { previous, current }), message('keychain-changed-advice'));
    }
    case 'failed':
      return finding('problem', message('keychain-failed'), message('keychain-failed-advice'));
    default:
      return assertNever(health);
  }
}

/** A Secret Service is reached over the D-Bus of a session, which a server's shell does not have. */
function absentAdvice({ environment, platform }: KeychainHost): Message {
  if (platform !== 'linux') return message('keychain-absent-advice-other');
  const { DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR } = environment;
  const hasBus =
    Boolean(DBUS_SESSION_BUS_ADDRESS) || (XDG_RUNTIME_DIR ? existsSync(join(XDG_RUNTIME_DIR, 'bus')) : false);
  return message(hasBus ? 'keychain-absent-advice-service' : 'keychain-absent-advice-bus');
}
