import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Translate } from '../../shared/i18n/translate.ts';
import type { TurnOutcome, TurnSummary } from '../../shared/model/run-event.ts';
import type { Transcript } from '../../shared/transcript/fold.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useLanguage } from '../context/use-language.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { duration } from '../i18n/format.ts';
import { agentName } from '../stores/select.ts';
import { createTranscriptStore, type TranscriptStore } from '../stores/transcript-store.ts';
import { LiveTerminal } from '../terminal/live-terminal.tsx';
import { Button } from '../ui/button.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { isEnded } from '../ui/turn-status.ts';
import { FailureCard } from './failure-card.tsx';
import { Items } from './items.tsx';
import { UndoTurn } from './undo-turn.tsx';
import { UsageLine } from './usage-line.tsx';

interface TurnSectionProps {
  readonly turn: TurnSummary;
  /** There is more in this conversation than this turn. */
  readonly hasHistory: boolean;
  readonly last: boolean;
}

function nextFrame(callback: () => void): () => void {
  const id = requestAnimationFrame(callback);
  return () => cancelAnimationFrame(id);
}

/** A store for as long as the turn is on screen. */
function useTranscript(turnId: string): TranscriptStore | null {
  const { transport } = useServices();
  const [store, setStore] = useState<TranscriptStore | null>(null);
  useEffect(() => {
    const created = createTranscriptStore({ transport, turnId, soon: nextFrame });
    setStore(created);
    return () => created.dispose();
  }, [transport, turnId]);
  return store;
}

export function TurnSection(props: TurnSectionProps) {
  const store = useTranscript(props.turn.turnId);
  return store && <LoadedTurn {...props} transcripts={store} />;
}

function LoadedTurn({ turn, hasHistory, last, transcripts }: TurnSectionProps & { transcripts: TranscriptStore }) {
  const t = useT();
  const app = useSlices('agents');
  const { transcript, loading, error } = useStore(transcripts.store);
  const running = !isEnded(turn.status) && transcript.result === undefined;
  const prompt = transcript.accepted?.prompt ?? turn.promptPreview;
  return (
    <article className="turn" aria-label={t('turn', { prompt: turn.promptPreview })}>
      <div className="turn-prompt">
        <p className="visually-hidden">{t('turn.you')}</p>
        <p className="turn-prompt-text">{prompt === '' ? t('terminal.noInput') : prompt}</p>
      </div>
      <div
        className="turn-answer"
        role="log"
        aria-busy={running}
        // A long answer only has its visible part in the page: text that scrolling brings is not news.
        aria-live={running ? 'polite' : 'off'}
        aria-label={t('turn.answer', { agent: agentName(app, turn.agentId) })}
      >
        <Items turn={turn} items={transcript.items} running={running} />
        {running && last && transcript.session?.terminal !== true && <Working turn={turn} />}
      </div>
      {running && transcript.session?.terminal === true && (
        <LiveTerminal turnId={turn.turnId} agent={agentName(app, turn.agentId)} />
      )}
      {error && (
        <div className="turn-load-error">
          <ErrorText error={error} />
          <Button onClick={transcripts.load}>{t('tryAgain')}</Button>
        </div>
      )}
      {loading && transcript.seq === 0 && <p className="hint">{t('loading')}</p>}
      <Ending turn={turn} transcript={transcript} prompt={prompt} hasHistory={hasHistory} />
    </article>
  );
}

function Working({ turn }: { turn: TurnSummary }) {
  const t = useT();
  const app = useSlices('agents');
  if (turn.status === 'waiting-for-permission' || turn.status === 'waiting-for-credential') return null;
  return (
    <p className="working">
      <span className="working-dots" aria-hidden="true" />
      {t('turn.working', { agent: agentName(app, turn.agentId) })}
    </p>
  );
}

interface EndingProps {
  readonly turn: TurnSummary;
  readonly transcript: Transcript;
  readonly prompt: string;
  readonly hasHistory: boolean;
}

function outcomeOf(turn: TurnSummary, transcript: Transcript): TurnOutcome | undefined {
  if (transcript.result !== undefined) return transcript.result;
  if (turn.failure === undefined) return undefined;
  return turn.status === 'lost'
    ? { outcome: 'lost', failure: turn.failure }
    : { outcome: 'failed', failure: turn.failure };
}

function cancelledInWords(
  { by, declined }: Extract<TurnOutcome, { outcome: 'cancelled' }>,
  agent: string,
  t: Translate,
): string {
  if (declined !== undefined) return t('turn.declined.note', { title: declined, agent });
  return by === 'agent' ? t('turn.endedByAgent.note', { agent }) : t('turn.cancelled.note');
}

function Ending({ turn, transcript, prompt, hasHistory }: EndingProps) {
  const t = useT();
  const app = useSlices('agents');
  const outcome = outcomeOf(turn, transcript);
  const language = useLanguage();
  const tookMs = turn.endedAt === undefined ? undefined : turn.endedAt - turn.acceptedAt;
  // A clock that was set back in between tells nothing of how long it took.
  const took = tookMs === undefined || tookMs < 0 ? undefined : duration(tookMs, t, language);
  return (
    <>
      {(outcome?.outcome === 'failed' || outcome?.outcome === 'lost') && (
        <FailureCard turn={turn} outcome={outcome} prompt={prompt} hasHistory={hasHistory} />
      )}
      {outcome?.outcome === 'cancelled' && (
        <p className="turn-note">{cancelledInWords(outcome, agentName(app, turn.agentId), t)}</p>
      )}
      {outcome?.outcome === 'completed' && outcome.stopReason !== 'end_turn' && (
        <p className="turn-note">{t('turn.stopped', { reason: outcome.stopReason })}</p>
      )}
      {turn.changes && <UndoTurn turn={turn} changes={turn.changes} />}
      <footer className="turn-foot">
        <RelativeTime at={turn.acceptedAt} />
        {took && <span>{t('turn.took', { duration: took })}</span>}
        {transcript.usage && <UsageLine usage={transcript.usage} />}
      </footer>
    </>
  );
}
