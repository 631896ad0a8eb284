import { useCallback, useEffect, useState } from 'react';
import { answersFor, type GuardedAnswer, type GuardedFileState } from '../../shared/model/guarded-file.ts';
import type { TurnSummary } from '../../shared/model/run-event.ts';
import { visibleText } from '../../shared/permissions/visible.ts';
import type { TranscriptItem } from '../../shared/transcript/fold.ts';
import { useServices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { List } from '../ui/list.tsx';
import { GuardedContent } from './guarded-content.tsx';
import './guarded-files.css';

interface GuardedFilesProps {
  readonly turn: TurnSummary;
  readonly files: readonly Extract<TranscriptItem, { kind: 'file' }>[];
}

/** The files of a turn that would have made programs run code: what became of each, and what the user says to it. */
export function GuardedFiles({ turn, files }: GuardedFilesProps) {
  const t = useT();
  const { transport } = useServices();
  const { turnId, projectDir, guarded } = turn;
  const [states, setStates] = useState<ReadonlyMap<string, GuardedFileState>>(new Map());
  const { run, error } = useAction(async () => {
    const known = (await transport.call('turns.guardedFiles', { turnId })).files;
    setStates(new Map(known.map((file) => [file.fileId, file])));
  });
  // Another window, or the command line, may have answered.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of these says that the core knows more
  useEffect(() => void run(), [run, files.length, guarded?.open, guarded?.at]);
  const changed = useCallback(
    (file: GuardedFileState) => setStates((before) => new Map([...before, [file.fileId, file]])),
    [],
  );
  const told = files.map(({ file }) => states.get(file.fileId) ?? { ...file, turnId, projectDir, at: turn.acceptedAt });
  const later = [...states.values()].filter(({ fileId }) => !files.some(({ file }) => file.fileId === fileId));
  if (told.length + later.length === 0) return <ErrorText error={error} />;
  return (
    <section className="card guarded-files" aria-label={t('guarded.title')}>
      <p className="guarded-title">
        <Icon name="warning" />
        <strong>{t('guarded.title')}</strong>
      </p>
      <ErrorText error={error} />
      <List>
        {[...told, ...later].map((file) => (
          <li key={file.fileId}>
            <GuardedRow file={file} loaded={states.has(file.fileId)} onChange={changed} />
          </li>
        ))}
      </List>
    </section>
  );
}

/** The whole path stands above it, and what was set aside stays in its folder. */
const nameOf = (path: string): string => visibleText(path.slice(path.lastIndexOf('/') + 1));

interface RowProps {
  readonly file: GuardedFileState;
  /** False until it is known what was answered: nothing is offered before. */
  readonly loaded: boolean;
  readonly onChange: (file: GuardedFileState) => void;
}

function GuardedRow({ file, loaded, onChange }: RowProps) {
  const t = useT();
  const { transport } = useServices();
  const [open, setOpen] = useState(false);
  const answer = useAction(async (given: GuardedAnswer) => {
    onChange((await transport.call('turns.answerFile', { fileId: file.fileId, answer: given })).file);
  });
  const answers = loaded ? answersFor(file) : [];
  const canPutBack = answers.includes('put-back');
  const path = visibleText(file.path);
  // What lies at its own place, disarmed or not, is the user's to look at there.
  const canShow = file.answer !== 'put-back' && (file.aside !== undefined || file.how === 'unclear');
  const toggle = open ? 'guarded.hide' : `guarded.${canPutBack ? 'put-back' : 'show'}`;
  return (
    <div className="guarded-row">
      <p className="guarded-path">
        <code dir="ltr">{path}</code>
        {file.answer && <span className="tag">{t(`guarded.answered-${file.answer}`)}</span>}
      </p>
      <p className="hint">
        {t('guarded.line', {
          what: t(`guarded.${file.how}`, { path: nameOf(file.path), aside: nameOf(file.aside ?? file.path) }),
          why: t(`guarded.reason-${file.reason}`),
        })}
      </p>
      <div className="guarded-answers">
        {answers
          .filter((one) => one !== 'put-back')
          .map((one) => (
            <Button key={one} onClick={() => void answer.run(one)} disabled={answer.pending}>
              {t(`guarded.${one}`)}
            </Button>
          ))}
        {loaded && canShow && (
          <Button look="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t(toggle)}
          </Button>
        )}
      </div>
      <ErrorText error={answer.error} />
      {open && canShow && <GuardedContent file={file} canPutBack={canPutBack} onChange={onChange} />}
    </div>
  );
}
