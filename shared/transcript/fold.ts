import { assertNever } from '../assert-never.ts';
import type { AgentEvent, RunEvent, StoredRunEvent, TurnOutcome } from '../model/run-event.ts';
import type { FoldedTranscript } from './schema.ts';

type Event<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;
type ToolCall = Omit<Event<'tool.call'>, 'type'>;

/** The entries of a transcript in their order. `seq` is that of the event that opened the entry. */
export type TranscriptItem =
  | { readonly kind: 'message' | 'thought' | 'terminal'; readonly seq: number; readonly text: string }
  | ({ readonly kind: 'tool'; readonly seq: number } & ToolCall)
  | { readonly kind: 'plan'; readonly seq: number; readonly entries: Event<'plan'>['entries'] }
  | {
      readonly kind: 'permission';
      readonly seq: number;
      readonly request: Omit<Event<'permission.requested'>, 'type'>;
      readonly outcome?: Event<'permission.answered'>['outcome'];
    }
  | {
      readonly kind: 'credential';
      readonly seq: number;
      readonly error: Event<'credential.awaited'>['error'];
      readonly supplied: boolean;
    }
  | ({ readonly kind: 'background'; readonly seq: number } & Omit<Event<'background.left'>, 'type'>)
  | { readonly kind: 'file'; readonly seq: number; readonly file: Omit<Event<'file.guarded'>, 'type'> }
  | { readonly kind: 'notice'; readonly seq: number; readonly notice: Omit<Event<'notice'>, 'type'> };

export interface Transcript {
  /** The last event that is folded in; 0 before the first. */
  readonly seq: number;
  readonly accepted?: Event<'turn.accepted'>;
  readonly session?: Event<'session.started'>;
  readonly items: readonly TranscriptItem[];
  /** Where in `items` each tool call stands. */
  readonly toolPlaces: ReadonlyMap<string, number>;
  /** Where in `items` the plan stands. */
  readonly planPlace?: number;
  readonly usage?: Event<'usage'>;
  readonly result?: TurnOutcome;
}

/** The stored and sent form of a transcript that nothing is added to any more. */
export function foldedOf({ toolPlaces: _, planPlace: __, ...kept }: Transcript): FoldedTranscript {
  return { ...kept, items: [...kept.items] };
}

/** A stored transcript, as one that was just folded. */
export function transcriptOf(folded: FoldedTranscript): Transcript {
  const places = folded.items.flatMap((item, place) =>
    item.kind === 'tool' ? [[item.toolCallId, place] as const] : [],
  );
  const planPlace = folded.items.findIndex(({ kind }) => kind === 'plan');
  // The schema allows what the events allow: optional means absent.
  const { items, ...rest } = folded as FoldedTranscript & Pick<Transcript, 'items'>;
  return {
    ...(rest as Omit<Transcript, 'items' | 'toolPlaces'>),
    items,
    toolPlaces: new Map(places),
    ...(planPlace < 0 ? {} : { planPlace }),
  };
}

export const EMPTY_TRANSCRIPT: Transcript = { seq: 0, items: [], toolPlaces: new Map() };

/** A transcript under construction: folding a batch copies the list once, not once an event. */
type Draft = { -readonly [K in keyof Transcript]: Transcript[K] } & {
  items: TranscriptItem[];
  toolPlaces: Map<string, number>;
};

/**
 * Folds events that follow on `transcript.seq`. Those it has already are skipped; at a gap it stops, and
 * `complete` is false: the caller fetches from `transcript.seq` on.
 */
export function foldEvents(
  transcript: Transcript,
  events: readonly StoredRunEvent[],
): { readonly transcript: Transcript; readonly complete: boolean } {
  const draft: Draft = {
    ...transcript,
    items: [...transcript.items],
    toolPlaces: new Map(transcript.toolPlaces),
  };
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
    case 'credential.awaited':
      awaitCredential(draft.items, { kind: 'credential', seq, error: event.error, supplied: false });
      return;
    case 'credential.supplied':
      supplyCredential(draft.items);
      return;
    case 'terminal.output':
      appendText(draft.items, { kind: 'terminal', seq, text: event.text });
      return;
    case 'usage':
      draft.usage = { ...draft.usage, ...event };
      return;
    case 'model.reported':
      // The end is told of the turn as a whole, by its summary.
      return;
    default:
      applyItem(draft, event, seq);
  }
}

function applyItem(
  draft: Draft,
  event: Exclude<AgentEvent, { type: 'session.started' | 'usage' | 'model.reported' }>,
  seq: number,
): void {
  const { items } = draft;
  switch (event.type) {
    case 'agent.message':
      appendText(items, { kind: 'message', seq, text: event.text });
      return;
    case 'agent.thought':
      appendText(items, { kind: 'thought', seq, text: event.text });
      return;
    case 'tool.call': {
      const { type: _, ...call } = event;
      upsertTool(draft, { kind: 'tool', seq, ...call });
      return;
    }
    case 'tool.update':
      updateTool(draft, event);
      return;
    case 'plan':
      upsertPlan(draft, { kind: 'plan', seq, entries: event.entries });
      return;
    case 'permission.requested': {
      const { type: _, ...request } = event;
      items.push({ kind: 'permission', seq, request });
      return;
    }
    case 'permission.answered':
      answerPermission(items, event);
      return;
    case 'background.left': {
      const { type: _, ...left } = event;
      items.push({ kind: 'background', seq, ...left });
      return;
    }
    case 'file.guarded': {
      const { type: _, ...file } = event;
      items.push({ kind: 'file', seq, file });
      return;
    }
    case 'notice': {
      const { type: _, ...notice } = event;
      items.push({ kind: 'notice', seq, notice });
      return;
    }
    default:
      assertNever(event);
  }
}

type TextItem = Extract<TranscriptItem, { readonly text: string }>;

function appendText(items: TranscriptItem[], chunk: TextItem) {
  const last = items.at(-1);
  if (last?.kind === chunk.kind) items[items.length - 1] = { ...last, text: last.text + chunk.text };
  else items.push(chunk);
}

type ToolItem = Extract<TranscriptItem, { kind: 'tool' }>;

function upsertTool({ items, toolPlaces }: Draft, tool: ToolItem): void {
  const place = toolPlaces.get(tool.toolCallId);
  if (place === undefined) toolPlaces.set(tool.toolCallId, items.push(tool) - 1);
  else items[place] = { ...tool, seq: items[place]?.seq ?? tool.seq };
}

function updateTool({ items, toolPlaces }: Draft, event: Event<'tool.update'>): void {
  const place = toolPlaces.get(event.toolCallId);
  const tool = place === undefined ? undefined : items[place];
  // An update for a call that was never announced has nothing to change.
  if (place === undefined || tool?.kind !== 'tool') return;
  items[place] = {
    ...tool,
    title: event.title ?? tool.title,
    status: event.status ?? tool.status,
    content: event.content ?? tool.content,
  };
}

/** An agent sends its whole plan every time: the turn has one, where it first appeared. */
function upsertPlan(draft: Draft, plan: Extract<TranscriptItem, { kind: 'plan' }>): void {
  const { items, planPlace } = draft;
  if (planPlace === undefined) draft.planPlace = items.push(plan) - 1;
  else items[planPlace] = { ...plan, seq: items[planPlace]?.seq ?? plan.seq };
}

/** A single card until a credential is supplied: it names the present obstacle. */
function awaitCredential(items: TranscriptItem[], item: Extract<TranscriptItem, { kind: 'credential' }>): void {
  const last = items.at(-1);
  if (last?.kind === 'credential' && !last.supplied) items[items.length - 1] = { ...item, seq: last.seq };
  else items.push(item);
}

function supplyCredential(items: TranscriptItem[]): void {
  const index = items.findLastIndex((item) => item.kind === 'credential');
  const item = items[index];
  if (item?.kind === 'credential') items[index] = { ...item, supplied: true };
}

/** Searched from the end: an answer follows soon on its question. */
function answerPermission(items: TranscriptItem[], event: Event<'permission.answered'>): void {
  const index = items.findLastIndex((item) => item.kind === 'permission' && item.request.requestId === event.requestId);
  const item = items[index];
  if (item?.kind === 'permission') items[index] = { ...item, outcome: event.outcome };
}
