import { useRef } from 'react';
import { toWireError } from '../../shared/errors/perch-error.ts';
import type { TurnSummary } from '../../shared/model/run-event.ts';
import { isAnswerLost, nextSubmission, type Submission, type SubmissionBody } from '../stores/submission.ts';
import { useServices } from './services.tsx';
import { type Action, useAction } from './use-action.ts';

/** Sends prompts; `onAccepted` gets the turn that came of it. Without a credential the turn waits, with a card for it. */
export function useSubmit(onAccepted: (turn: TurnSummary) => void): Action<[SubmissionBody]> {
  const { transport } = useServices();
  const unanswered = useRef<Submission | null>(null);
  return useAction(async (body: SubmissionBody) => {
    const submission = nextSubmission(unanswered.current, { ...body, waitForCredential: true }, () =>
      crypto.randomUUID(),
    );
    unanswered.current = submission;
    try {
      const { turn } = await transport.call('turns.submit', submission);
      unanswered.current = null;
      onAccepted(turn);
    } catch (error) {
      if (!isAnswerLost(toWireError(error).code)) unanswered.current = null;
      throw error;
    }
  });
}
