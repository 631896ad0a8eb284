import { useEffect, useState } from 'react';
import type { Result } from '../../shared/contract/methods.ts';
import type { GuardedFileState, ShownEntry } from '../../shared/model/guarded-file.ts';
import { visiblePieces, visibleText } from '../../shared/permissions/visible.ts';
import { useServices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { Button } from '../ui/button.tsx';
import { Pieces } from './permission-parts.tsx';

interface ContentProps {
  readonly file: GuardedFileState;
  readonly canPutBack: boolean;
  readonly onChange: (file: GuardedFileState) => void;
}

/** The whole file as it lies there now; putting it back stands below it, and means exactly what is shown. */
export function GuardedContent({ file, canPutBack, onChange }: ContentProps) {
  const t = useT();
  const { transport } = useServices();
  const { fileId } = file;
  const [shown, setShown] = useState<Result<'turns.lookAtFile'> | null>(null);
  const look = useAction(async () => setShown(await transport.call('turns.lookAtFile', { fileId })));
  const { run } = look;
  useEffect(() => void run(), [run]);
  const go = useAction(async () => {
    if (shown === null) return;
    const answered = { fileId, answer: 'put-back', seen: shown.identity } as const;
    onChange((await transport.call('turns.answerFile', answered)).file);
  });
  const path = visibleText(file.path);
  return (
    <section className="guarded-content" aria-label={t('guarded.content', { path })}>
      {shown === null && look.error === null && <p className="hint">{t('loading')}</p>}
      <ErrorText error={look.error} />
      {shown?.entries.map((entry) => (
        <Entry key={entry.path} entry={entry} />
      ))}
      {shown?.changed === true && <p className="notice notice-warn">{t('guarded.changed')}</p>}
      {shown?.changed === false && canPutBack && (
        <div className="guarded-go">
          <p>{t('guarded.put-back.ask', { path })}</p>
          <Button onClick={() => void go.run()} disabled={go.pending}>
            {t('guarded.put-back.go')}
          </Button>
        </div>
      )}
      <ErrorText error={go.error} />
    </section>
  );
}

function Entry({ entry: { path, kind, executable, bytes, text, binary } }: { entry: ShownEntry }) {
  const t = useT();
  const lines = text.replace(/\n$/, '').split('\n');
  return (
    <div className="permission-part">
      <p className="permission-label">
        {path === '' ? (
          t(kind === 'folder' ? 'guarded.folder' : 'guarded.itself')
        ) : (
          <code dir="ltr">{visibleText(path)}</code>
        )}
        {kind === 'file' && <span>{t('guarded.bytes', { bytes })}</span>}
        {kind === 'folder' && path !== '' && <span>{t('guarded.is-folder')}</span>}
        {executable && <span className="tag">{t('guarded.executable')}</span>}
        {binary && <span className="tag">{t('guarded.binary')}</span>}
      </p>
      {kind === 'file' && bytes === 0 && <p className="hint">{t('guarded.empty')}</p>}
      {kind === 'file' && bytes > 0 && (
        <div className="permission-lines permission-code" dir="ltr">
          {lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the position is the identity of a line
            <div key={index} className="permission-line">
              <Pieces pieces={visiblePieces(line)} />
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
