import type { Clock } from '../../node/clock.ts';
import { createBubblewrap } from './bubblewrap.ts';
import { type Sandbox, unavailable } from './sandbox.ts';
import { createSeatbelt } from './seatbelt/seatbelt.ts';

/** The backend of this platform. Where there is none, every launch that asks for one is refused. */
export function selectSandbox(platform: NodeJS.Platform, clock: Clock): Sandbox {
  if (platform === 'linux') return createBubblewrap({ clock });
  return platform === 'darwin' ? createSeatbelt({ clock }) : createMissingSandbox(platform);
}

function createMissingSandbox(platform: NodeJS.Platform): Sandbox {
  const reason = `no sandbox for ${platform} yet`;
  return {
    async check() {
      return { state: 'unavailable', reason };
    },
    async guard() {
      return undefined;
    },
    wrap(request) {
      throw unavailable(request, reason);
    },
  };
}
