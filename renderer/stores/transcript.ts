import { assertNever } from '../../shared/assert-never.ts';
import type { AgentEvent, RunEvent, StoredRunEvent, TurnOutcome } from '../../shared/model/run-event.ts';

type Event<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;
type ToolCall = Omit<Event<'tool.call'>, 'type'>;

/** What a transcript shows, one entry after the other. `seq` is that of the event that opened it. */
export type TranscriptItem =
  | { readonly kind: 'message' | 'thought'; readonly seq: number; readonly text: string }
  | ({ readonly kind: 'tool'; readonly seq: number } & ToolCall)
  | { readonly kind: 'plan'; readonly seq: number; readonly entries: Event<'plan'>['entries'] }
  | {
      readonly kind: 'permission';
      readonly seq: number;
      readonly request: Omit<Event<'permission.requested'>, 'type'>;
      readonly outcome?: Event<'permission.answered'>['outcome'];
    }
  | { readonly kind: 'notice'; readonly seq: number; readonly notice: Omit<Event<'notice'>, 'type'> };

export interface Transcript {
  /** The last event that is folded in; 0 before the first. */
  readonly seq: number;
  readonly accepted?: Event<'turn.accepted'>;
  readonly session?: Event<'session.started'>;
  readonly items: readonly TranscriptItem[];
  readonly usage?: Event<'usage'>;
  readonly result?: TurnOutcome;
}

export const EMPTY_TRANSCRIPT: Transcript = { seq: 0, items: [] };

/** A transcript under construction: folding a batch copies the list once, not once an event. */
type Draft = { -readonly [K in keyof Transcript]: Transcript[K] } & { items: TranscriptItem[] };

/**
 * Folds events that follow on `transcript.seq`. Those it has already are skipped; at a gap it stops, and
 * `complete` is false: the caller fetches from `transcript.seq` on.
 */
export function foldEvents(
  transcript: Transcript,
  events: readonly StoredRunEvent[],
): { readonly transcript: Transcript; readonly complete: boolean } {
  const draft: Draft = { ...transcript, items: [...transcript.items] };
  for (const { seq, event } of events) {
    if (seq <= draft.seq) continue;
    if (seq > draft.seq + 1) return { transcript: changed(transcript, draft), complete: false };
    draft.seq = seq;
    applyEvent(draft, event, seq);
  }
  return { transcript: changed(transcript, draft), complete: true };
}

function changed(before: Transcript, after: Transcript): Transcript {
  return after.seq === before.seq ? before : after;
}

function applyEvent(draft: Draft, event: RunEvent, seq: number): void {
  switch (event.type) {
    case 'turn.accepted':
      draft.accepted = event;
      return;
    case 'turn.ended':
      draft.result = event.result;
      return;
    case 'session.started':
      draft.session = event;
      return;
    case 'usage':
      draft.usage = { ...draft.usage, ...event };
      return;
    default:
      applyItem(draft.items, event, seq);
  }
}

function applyItem(
  items: TranscriptItem[],
  event: Exclude<AgentEvent, { type: 'session.started' | 'usage' }>,
  seq: number,
): void {
  switch (event.type) {
    case 'agent.message':
      appendText(items, { kind: 'message', seq, text: event.text });
      return;
    case 'agent.thought':
      appendText(items, { kind: 'thought', seq, text: event.text });
      return;
    case 'tool.call': {
      const { type: _, ...call } = event;
      upsertTool(items, { kind: 'tool', seq, ...call });
      return;
    }
    case 'tool.update':
      updateTool(items, event);
      return;
    case 'plan':
      upsertPlan(items, { kind: 'plan', seq, entries: event.entries });
      return;
    case 'permission.requested': {
      const { type: _, ...request } = event;
      items.push({ kind: 'permission', seq, request });
      return;
    }
    case 'permission.answered':
      answerPermission(items, event);
      return;
    case 'notice': {
      const { type: _, ...notice } = event;
      items.push({ kind: 'notice', seq, notice });
      return;
    }
    default:
      assertNever(event);
  }
}

function appendText(items: TranscriptItem[], chunk: { kind: 'message' | 'thought'; seq: number; text: string }) {
  const last = items.at(-1);
  if (last?.kind === chunk.kind) items[items.length - 1] = { ...last, text: last.text + chunk.text };
  else items.push(chunk);
}

/** Searched from the end: what changes is nearly always new. */
function findLast<K extends TranscriptItem['kind']>(
  items: readonly TranscriptItem[],
  kind: K,
  matches: (item: Extract<TranscriptItem, { kind: K }>) => boolean,
): number {
  return items.findLastIndex((item) => item.kind === kind && matches(item as Extract<TranscriptItem, { kind: K }>));
}

type ToolItem = Extract<TranscriptItem, { kind: 'tool' }>;

function upsertTool(items: TranscriptItem[], tool: ToolItem): void {
  const index = findLast(items, 'tool', (item) => item.toolCallId === tool.toolCallId);
  if (index === -1) items.push(tool);
  else items[index] = { ...tool, seq: items[index]?.seq ?? tool.seq };
}

function updateTool(items: TranscriptItem[], event: Event<'tool.update'>): void {
  const index = findLast(items, 'tool', (item) => item.toolCallId === event.toolCallId);
  const tool = items[index];
  // An update for a call that was never announced has nothing to change.
  if (tool?.kind !== 'tool') return;
  items[index] = {
    ...tool,
    title: event.title ?? tool.title,
    status: event.status ?? tool.status,
    content: event.content ?? tool.content,
  };
}

/** An agent sends its whole plan every time: the turn has one, where it first appeared. */
function upsertPlan(items: TranscriptItem[], plan: Extract<TranscriptItem, { kind: 'plan' }>): void {
  const index = findLast(items, 'plan', () => true);
  if (index === -1) items.push(plan);
  else items[index] = { ...plan, seq: items[index]?.seq ?? plan.seq };
}

function answerPermission(items: TranscriptItem[], event: Event<'permission.answered'>): void {
  const index = findLast(items, 'permission', (item) => item.request.requestId === event.requestId);
  const item = items[index];
  if (item?.kind === 'permission') items[index] = { ...item, outcome: event.outcome };
}
