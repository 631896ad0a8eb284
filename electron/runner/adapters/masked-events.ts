import type { AgentEvent } from '../../../shared/model/run-event.ts';
import type { RedactionStream } from '../../../shared/redaction/redactor.ts';
import { REPLACEMENT } from '../../../shared/redaction/scanner.ts';

/** Masks the values of a session's secrets. Nothing else: an agent's answer is not to be guessed at. */
export interface ValueMask {
  redact(text: string): string;
  stream(): RedactionStream;
}

type Channel = 'message' | 'thought';

export interface MaskedEvents {
  text(channel: Channel, text: string): void;
  event(event: AgentEvent): void;
  /** Whatever was held back as a possible beginning of a secret comes out now. */
  flush(): void;
}

/**
 * Events of a turn without the session's own secrets: they are persisted. A provider's error may repeat the key, in
 * one piece or cut by streaming. Order is kept: held back text comes out before the next event of another kind.
 */
export function createMaskedEvents(mask: ValueMask, emit: (event: AgentEvent) => void): MaskedEvents {
  const streams = { message: mask.stream(), thought: mask.stream() };
  let current: Channel | undefined;

  const say = (channel: Channel, text: string): void => {
    if (text !== '') emit({ type: channel === 'message' ? 'agent.message' : 'agent.thought', text });
  };
  const flush = (): void => {
    if (current !== undefined) say(current, streams[current].end());
    current = undefined;
  };
  return {
    text(channel, text) {
      if (current !== channel) flush();
      current = channel;
      say(channel, streams[channel].push(text));
    },
    event(event) {
      flush();
      emit(maskDeep(event, mask) as AgentEvent);
    },
    flush,
  };
}

/** Fields of a permission in which the names are the agent's words as well. */
const AGENTS_NAMES: readonly string[] = ['input', 'other'];

function maskDeep(value: unknown, mask: ValueMask, names = false): unknown {
  if (typeof value === 'string') return mask.redact(value);
  if (Array.isArray(value)) return value.map((item) => maskDeep(item, mask, names));
  if (typeof value !== 'object' || value === null) return value;
  const masked: [string, unknown][] = [];
  for (const [name, item] of Object.entries(value)) {
    const inside = maskDeep(item, mask, names || AGENTS_NAMES.includes(name));
    masked.push([names ? unused(mask.redact(name), masked) : name, inside]);
  }
  return Object.fromEntries(masked);
}

/** Two names that were masked may be alike by now: neither of them takes the other's place. */
function unused(name: string, taken: readonly [string, unknown][]): string {
  const isTaken = (other: string) => taken.some(([one]) => one === other);
  if (!name.includes(REPLACEMENT) || !isTaken(name)) return name;
  let count = 2;
  while (isTaken(`${name} ${count}`)) count += 1;
  return `${name} ${count}`;
}
