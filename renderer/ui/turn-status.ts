import type { TurnStatus } from '../../shared/model/run-event.ts';

export { isEnded } from '../../shared/model/turn-ended.ts';

import type { Tone } from './status-dot.tsx';

/** The words are the locale keys `turn.<status>`. */
export const TURN_TONES: Readonly<Record<TurnStatus, Tone>> = {
  accepted: 'busy',
  running: 'busy',
  'waiting-for-permission': 'warn',
  'waiting-for-credential': 'warn',
  completed: 'good',
  failed: 'bad',
  cancelled: 'idle',
  lost: 'bad',
};
