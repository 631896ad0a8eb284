import type { RunEvent } from '../../../shared/model/run-event.ts';

/** The facts of an event that are stored with its turn; null: the event leaves them as they are. */
interface TurnFacts {
  readonly sandbox: string | null;
  readonly failure: string | null;
  /** The model that the agent says it uses. */
  readonly reported: string | null;
  readonly model: string | null;
  readonly providerId: string | null;
}

const TYPES_WITH_FACTS: ReadonlySet<RunEvent['type']> = new Set([
  'turn.accepted',
  'session.started',
  'model.reported',
  'file.guarded',
  'turn.ended',
]);

/** True for an event that makes, changes or ends its turn, and so waits for the disk. */
export function changesTurn({ type }: RunEvent): boolean {
  return TYPES_WITH_FACTS.has(type);
}

export function factsOf(event: RunEvent): TurnFacts {
  return {
    sandbox: event.type === 'session.started' ? JSON.stringify(event.sandbox) : null,
    failure: event.type === 'turn.ended' && 'failure' in event.result ? JSON.stringify(event.result.failure) : null,
    reported: event.type === 'model.reported' ? event.model : null,
    ...chosenOf(event),
  };
}

/** The model and the provider of a turn, once they were decided again. */
function chosenOf(event: RunEvent): Pick<TurnFacts, 'model' | 'providerId'> {
  if (event.type !== 'credential.supplied') return { model: null, providerId: null };
  return { model: event.model, providerId: event.providerId ?? null };
}
