import { toWireError } from '../../../shared/errors/perch-error.ts';
import { describeErrorWithCode } from '../../../shared/i18n/describe-error.ts';
import type { PermissionOption, PermissionOutcome, RunEvent } from '../../../shared/model/run-event.ts';
import type { Client } from '../../core/api/client.ts';
import type { Context } from '../context.ts';
import { oneLine } from '../terminal/output.ts';
import { choosePermission, type PermissionMode, readChoice } from './permission-choice.ts';
import type { Transcript } from './transcript.ts';

type Requested = Extract<RunEvent, { type: 'permission.requested' }>;

export interface Permissions {
  /** Decides, answers and says so. Never rejects. */
  requested(event: Requested): void;
  /** Somebody answered, here or in the window. */
  answered(event: Extract<RunEvent, { type: 'permission.answered' }>): void;
  /** The turn is over: what is still asked is taken back. */
  end(): void;
  /** How often nothing was allowed, because this command declines. */
  declined(): number;
}

/** Asks one line of the user; null when the signal ended it. */
export type AskLine = (question: string, signal: AbortSignal) => Promise<string | null>;

export function createPermissions(options: {
  context: Pick<Context, 't' | 'stderr'>;
  client: Client;
  turnId: string;
  mode: PermissionMode;
  transcript: Transcript;
  askLine: AskLine;
}): Permissions {
  const { context, client, turnId, mode, transcript, askLine } = options;
  const { t } = context;
  const open = new Map<string, { readonly options: readonly PermissionOption[]; readonly asking: AbortController }>();
  let declined = 0;
  // One question at a time: the terminal has one line to type into.
  let asked: Promise<unknown> = Promise.resolve();

  async function answer(requestId: string, outcome: PermissionOutcome): Promise<void> {
    try {
      await client.call('turns.answerPermission', { turnId, requestId, outcome });
    } catch (error) {
      // It was answered elsewhere, or the turn ended meanwhile: the stream says which.
      if (open.has(requestId)) transcript.note(describeErrorWithCode(toWireError(error), t), 'yellow');
    }
  }

  async function ask({ requestId, options: choices }: Requested, signal: AbortSignal): Promise<void> {
    choices.forEach(({ name }, index) => {
      transcript.note(`  ${index + 1}  ${oneLine(name)}`);
    });
    for (;;) {
      if (signal.aborted) return;
      const typed = await askLine(`${t('cli.run.choose', { count: choices.length })} `, signal);
      // Ctrl+D answers nothing, but it does not leave the agent waiting.
      if (typed === null) return signal.aborted ? undefined : await answer(requestId, { outcome: 'cancelled' });
      const chosen = readChoice(typed, choices);
      if (chosen !== undefined) return await answer(requestId, { outcome: 'selected', optionId: chosen.optionId });
    }
  }

  return {
    requested(event) {
      const asking = new AbortController();
      open.set(event.requestId, { options: event.options, asking });
      if (mode === 'ask') asked = asked.then(() => ask(event, asking.signal));
      else void answer(event.requestId, choosePermission(mode, event.options));
    },
    answered({ requestId, outcome }) {
      const question = open.get(requestId);
      open.delete(requestId);
      question?.asking.abort();
      const chosen = outcome.outcome === 'selected' ? outcome.optionId : undefined;
      const kind = question?.options.find(({ optionId }) => optionId === chosen)?.kind ?? 'none';
      if (mode === 'deny' && !kind.startsWith('allow')) declined += 1;
      const name = question?.options.find(({ optionId }) => optionId === chosen)?.name ?? chosen;
      const said = name === undefined ? t('cli.run.no-answer') : oneLine(name);
      transcript.note(t(mode === 'deny' ? 'cli.run.answered-deny' : 'cli.run.answered', { answer: said }), 'bold');
    },
    end() {
      for (const { asking } of open.values()) asking.abort();
      open.clear();
    },
    declined: () => declined,
  };
}
