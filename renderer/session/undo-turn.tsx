import { useState } from 'react';
import type { Result } from '../../shared/contract/methods.ts';
import type { TurnSummary } from '../../shared/model/run-event.ts';
import { useServices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { Question } from '../forms/question.tsx';
import { Button } from '../ui/button.tsx';
import { List } from '../ui/list.tsx';
import './undo-turn.css';

type Files = Result<'turns.changes'>['files'];

/** Takes back what a turn changed in the files, or brings it again; what that means is listed first. */
export function UndoTurn({ turn, changes }: { turn: TurnSummary; changes: NonNullable<TurnSummary['changes']> }) {
  const t = useT();
  const { transport } = useServices();
  const { turnId } = turn;
  const { undone } = changes;
  const [files, setFiles] = useState<Files | null>(null);
  const [left, setLeft] = useState<readonly string[]>([]);
  const look = useAction(async () => {
    setLeft([]);
    setFiles((await transport.call('turns.changes', { turnId })).files);
  });
  const close = () => setFiles(null);
  return (
    <section className="undo-turn" aria-label={t('undo')}>
      <p className="undo-state" role="status">
        {t(undone ? 'undo.undone' : 'undo.changed', { files: changes.files })}{' '}
        {files === null && (
          <Button look="quiet" onClick={() => void look.run()} disabled={look.pending}>
            {t(undone ? 'undo.again' : 'undo.turn')}
          </Button>
        )}
      </p>
      <ErrorText error={look.error} />
      {left.length > 0 && <p className="notice notice-warn">{t('undo.left', { files: left.join(', ') })}</p>}
      {files !== null && <Going turnId={turnId} undone={undone} files={files} onLeft={setLeft} onClose={close} />}
    </section>
  );
}

function Going(props: {
  turnId: string;
  undone: boolean;
  files: Files;
  onLeft: (paths: readonly string[]) => void;
  onClose: () => void;
}) {
  const { turnId, undone, files, onLeft, onClose } = props;
  const t = useT();
  const { transport } = useServices();
  const [alsoChanged, setAlsoChanged] = useState(false);
  const hasChanged = files.some(({ changedSince }) => changedSince);
  const go = useAction(async () => {
    const { left } = await transport.call('turns.undo', { turnId, undone: !undone, alsoChanged });
    onLeft(left);
    onClose();
  });
  return (
    <Question
      label={t('undo')}
      keep={t('keep')}
      go={t(undone ? 'undo.again.go' : 'undo.go')}
      action={go}
      onKeep={onClose}
      details={
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
          <section className="undo-files" tabIndex={0} aria-label={t('undo.files')}>
            <List>
              {files.map(({ path, change, changedSince }) => (
                <li key={path}>
                  <code>{path}</code>{' '}
                  {changedSince && !alsoChanged ? (
                    <strong className="hint">{t('undo.changedSince')}</strong>
                  ) : (
                    <span className="hint">{t(`undo.${undone ? 'again.' : ''}${change}`)}</span>
                  )}
                </li>
              ))}
            </List>
          </section>
          {hasChanged && (
            <label className="check">
              <input type="checkbox" checked={alsoChanged} onChange={(event) => setAlsoChanged(event.target.checked)} />
              {t('undo.alsoChanged')}
            </label>
          )}
        </>
      }
    >
      {t(undone ? 'undo.again.ask' : 'undo.ask')}
    </Question>
  );
}
