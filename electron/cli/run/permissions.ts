import { toWireError } from '../../../shared/errors/perch-error.ts';
import { describeErrorWithCode } from '../../../shared/i18n/describe-error.ts';
import type { PermissionOutcome, RunEvent } from '../../../shared/model/run-event.ts';
import { type PermissionView, permissionView } from '../../../shared/permissions/view.ts';
import type { Client } from '../../core/api/client.ts';
import type { Context } from '../context.ts';
import type { AskLine } from '../terminal/ask-line.ts';
import { type AnswerPolicy, choosePermission, mayAllow, nameOf, outcomeOf, readChoice } from './permission-choice.ts';
import { answerName, moreThanShown, requestLines } from './permission-text.ts';
import type { Transcript } from './transcript.ts';

type Requested = Extract<RunEvent, { type: 'permission.requested' }>;

interface Permissions {
  /** Decides, answers and says so. Never rejects. */
  requested(event: Requested): void;
  /** The question was answered, here or in the window. */
  answered(event: Extract<RunEvent, { type: 'permission.answered' }>): void;
  /** The turn is over: what is still asked is taken back. */
  end(): void;
  /** How often nothing was allowed, because this command declines. */
  declined(): number;
}

export function createPermissions(options: {
  context: Pick<Context, 't' | 'stderr'>;
  client: Client;
  turnId: string;
  policy: AnswerPolicy;
  /** The events themselves are written out: only what is asked for here is shown as well. */
  json: boolean;
  transcript: Transcript;
  askLine: AskLine;
}): Permissions {
  const { context, client, turnId, policy, json, transcript, askLine } = options;
  const { t } = context;
  const open = new Map<string, { readonly view: PermissionView; readonly asking: AbortController }>();
  const refuse = t('permission.refuse');
  let declined = 0;
  // Questions wait for each other: the terminal has one line to type into.
  let asked: Promise<unknown> = Promise.resolve();

  async function answer(requestId: string, outcome: PermissionOutcome): Promise<void> {
    try {
      await client.call('turns.answerPermission', { turnId, requestId, outcome });
    } catch (error) {
      // The question was answered elsewhere, or the turn ended meanwhile: the stream says which.
      if (open.has(requestId)) transcript.note(describeErrorWithCode(toWireError(error), t), 'yellow');
    }
  }

  function show(view: PermissionView, whole: boolean): void {
    for (const { text, style } of requestLines(view, t, whole)) transcript.note(text, style);
  }

  /** The whole request stands right above its answers, however many are open. */
  async function ask(requestId: string, view: PermissionView, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { given } = view.answers;
    const more = moreThanShown(view);
    let whole = more === undefined;
    show(view, whole);
    for (;;) {
      given.forEach((each, index) => {
        transcript.note(`  ${index + 1}  ${answerName(nameOf(each, refuse))}`);
      });
      const question = whole ? 'cli.run.choose' : 'cli.run.choose-or-show';
      const typed = await askLine(`${t(question, { count: given.length, more: more ?? 0 })} `, signal);
      // Ctrl+D answers nothing, but it does not leave the agent waiting.
      if (typed === null) return signal.aborted ? undefined : await answer(requestId, { outcome: 'cancelled' });
      if (signal.aborted) return;
      if (!whole && typed.trim().toLowerCase() === 's') {
        whole = true;
        show(view, true);
        continue;
      }
      const chosen = readChoice(typed, given, refuse);
      if (chosen === undefined) continue;
      if (whole || !mayAllow(chosen.effect)) return await answer(requestId, outcomeOf(chosen));
      transcript.note(t('cli.run.show-first'), 'yellow');
    }
  }

  return {
    requested(event) {
      const asking = new AbortController();
      const view = permissionView(event);
      open.set(event.requestId, { view, asking });
      if (policy === 'ask') {
        asked = asked.then(() => ask(event.requestId, view, asking.signal));
        return;
      }
      if (!json) show(view, false);
      void answer(event.requestId, choosePermission(policy, view.answers.given));
    },
    answered({ requestId, outcome }) {
      const question = open.get(requestId);
      open.delete(requestId);
      question?.asking.abort();
      const chosen = outcome.outcome === 'selected' ? outcome.optionId : undefined;
      const given = question?.view.answers.given.flatMap((each) =>
        each.kind === 'option' && each.option.optionId === chosen ? [each.option] : [],
      )[0];
      if (policy === 'deny' && given?.kind.startsWith('allow') !== true) declined += 1;
      const said = chosen === undefined ? t('cli.run.no-answer') : answerName(given?.name ?? chosen);
      transcript.note(t(policy === 'deny' ? 'cli.run.answered-deny' : 'cli.run.answered', { answer: said }), 'bold');
    },
    end() {
      for (const { asking } of open.values()) asking.abort();
      open.clear();
    },
    declined: () => declined,
  };
}
