import type { TurnStatus } from './run-event.ts';

export function isEnded(status: TurnStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled' || status === 'lost';
}
