import type { MaskedEvents } from '../masked-events.ts';
import { type AskedPermission, readPermissionRequest } from './permission-request.ts';
import { createRefusedTools } from './refused-tools.ts';
import { modelInUpdate } from './reported-model.ts';
import type { Signs } from './signs.ts';
import { createToolStates } from './tool-states.ts';
import { translateUpdate } from './translate.ts';
import { createWithheldText } from './withheld-text.ts';

/** The text that judges a turn: more is an answer in any case. */
const MAX_JUDGED_CHARS = 100_000;

interface ActivityOptions {
  readonly signs: Signs;
  readonly events: MaskedEvents;
  /** The model that the conversation is set to, where the agent names it. */
  readonly setModel?: { name?: string | undefined } | undefined;
  readonly redact: (text: string) => string;
  readonly note: (text: string) => void;
  /** A tool call begins; its event has not been emitted. */
  readonly onToolCall: () => void;
  /** A tool call begins, or goes on. */
  readonly onToolWork: () => void;
}

/** The account of a turn's updates: its events, and what they leave to judge the turn by. */
export interface Activity {
  update(update: unknown): void;
  /** Reads a request for a permission, with what was said of its tool before. */
  readRequest(params: unknown): AskedPermission;
  /** A model's name that was not told before becomes an event; the one that was told wins over `otherwise`. */
  endWithModel(otherwise: string | undefined): void;
  /** Text that was held back is part of the answer. */
  releaseText(): void;
  /** The error that was held back; empty when there was none. */
  takeError(): string;
  /** The agent's messages since its last tool call, joined, without its own remarks. */
  readonly text: string;
  readonly usedTools: boolean;
}

export function createActivity(options: ActivityOptions): Activity {
  const { signs, events, setModel, redact, note, onToolCall, onToolWork } = options;
  const withheld = createWithheldText(signs, (said) => events.text('message', said));
  const tools = createToolStates();
  const refusedTools = createRefusedTools(signs, redact);
  let text = '';
  let usedTools = false;
  let told: string | undefined;

  const tellModel = (model: string | undefined): void => {
    if (model === undefined || model === told) return;
    told = model;
    events.event({ type: 'model.reported', model });
  };
  const say = (channel: 'message' | 'thought', said: string): void => {
    const isAnswer = channel === 'message' && !signs.isRemark(said);
    if (isAnswer && text.length < MAX_JUDGED_CHARS) text += said;
    if (isAnswer) withheld.push(said, text);
    else events.text('thought', said);
  };

  return {
    update(update) {
      const { used, set } = modelInUpdate(update);
      if (set !== undefined && setModel !== undefined) setModel.name = set;
      tellModel(used);
      tools.update(update);
      const translation = translateUpdate(update);
      if (translation.kind === 'unknown') note(`skipped ${translation.what}`);
      if (translation.kind === 'text') say(translation.channel, translation.text);
      if (translation.kind !== 'event') return;
      const { type } = translation.event;
      if (type === 'tool.call') {
        withheld.release();
        text = '';
        onToolCall();
      }
      if (type === 'tool.call' || type === 'tool.update') {
        usedTools = true;
        onToolWork();
      }
      events.event(translation.event);
      const notice = refusedTools.noticeFor(translation.event);
      if (notice !== undefined) events.event(notice);
    },
    readRequest(params) {
      usedTools = true;
      withheld.release();
      const request = readPermissionRequest(params, tools.of);
      refusedTools.asked(request.toolCallId);
      return request;
    },
    endWithModel: (otherwise) => tellModel(told ?? otherwise),
    releaseText: withheld.release,
    takeError: withheld.takeError,
    get text() {
      return text;
    },
    get usedTools() {
      return usedTools;
    },
  };
}
