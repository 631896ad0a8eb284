import { useState } from 'react';
import type { PermissionPart, ShownLine } from '../../shared/permissions/view.ts';
import type { Piece } from '../../shared/permissions/visible.ts';
import { useT } from '../context/services.tsx';

/** The request, part by part: each line is a line, nothing scrolls out of sight sideways or within a box. */
export function PermissionParts({ parts, id }: { parts: readonly PermissionPart[]; id?: string }) {
  return (
    <div className="permission-parts" id={id}>
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a request does not change
        <Part key={index} part={part} />
      ))}
    </div>
  );
}

function Part({ part: { label, look, path, isNewFile, lines } }: { part: PermissionPart }) {
  const t = useT();
  return (
    <div className="permission-part">
      <p className="permission-label">
        {'part' in label ? t(`permission.part.${label.part}`) : <Pieces pieces={label.name} />}
        {path && (
          <code dir="ltr">
            <Pieces pieces={path} />
          </code>
        )}
        {isNewFile === true && <span className="tag">{t('diff.new')}</span>}
      </p>
      <div className={`permission-lines permission-${look}`} dir={look === 'words' ? 'auto' : 'ltr'}>
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the position is the identity of a line
          <Line key={index} line={line} />
        ))}
      </div>
    </div>
  );
}

const TONES: Readonly<Record<string, string>> = { '+': 'added', '−': 'removed' };

function Line({ line: { mark, pieces, folded } }: { line: ShownLine }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  if (folded === undefined) {
    return (
      <div className={`permission-line diff-${TONES[mark] ?? 'same'}`}>
        {mark !== '' && <span className="permission-mark">{mark}</span>}
        <Pieces pieces={pieces} />
      </div>
    );
  }
  return open ? (
    folded.map((one, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the position is the identity of a line
      <Line key={index} line={one} />
    ))
  ) : (
    <button type="button" className="permission-fold" onClick={() => setOpen(true)}>
      {t('permission.unchanged', { count: folded.length })}
    </button>
  );
}

/** Text of an agent; what would not be seen stands there as its code, and is told from the same letters. */
export function Pieces({ pieces }: { pieces: readonly Piece[] }) {
  return pieces.map(({ text, escaped }, index) =>
    escaped ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the position is the identity of a piece
      <mark key={index} className="escaped" dir="ltr">
        {text}
      </mark>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the position is the identity of a piece
      <bdi key={index}>{text}</bdi>
    ),
  );
}
