import { useCallback, useEffect, useId, useRef, useState } from 'react';
import { useT } from '../context/services.tsx';
import { IconButton } from '../ui/button.tsx';
import type { FindPlaces, Hit } from './find.ts';

interface FindBarProps {
  readonly places: FindPlaces;
  readonly turnIds: readonly string[];
  readonly onHit: (hit: Hit | null) => void;
}

/** Searches the whole conversation, also what is not laid out. Opened by the key that searches a page. */
export function FindBar({ places, turnIds, onHit }: FindBarProps) {
  const [open, setOpen] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'f' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey)
        return;
      event.preventDefault();
      setOpen(true);
      field.current?.select();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  if (!open) return null;
  const close = () => {
    setOpen(false);
    onHit(null);
  };
  return <OpenBar places={places} turnIds={turnIds} onHit={onHit} field={field} onClose={close} />;
}

interface OpenBarProps extends FindBarProps {
  readonly field: { current: HTMLInputElement | null };
  readonly onClose: () => void;
}

function OpenBar({ places, turnIds, onHit, field, onClose }: OpenBarProps) {
  const t = useT();
  const id = useId();
  const [query, setQuery] = useState('');
  const [hits, setHits] = useState<readonly Hit[]>([]);
  const [place, setPlace] = useState(0);
  useEffect(() => field.current?.focus(), [field]);

  const go = useCallback(
    (found: readonly Hit[], wanted: number) => {
      const index = found.length === 0 ? 0 : (wanted + found.length) % found.length;
      const hit = found[index] ?? null;
      setHits(found);
      setPlace(index);
      onHit(hit);
      if (hit !== null) places.show(hit);
    },
    [places, onHit],
  );
  // Looked for anew at every step: the conversation may have grown.
  const step = (by: number) => go(places.hits(query, turnIds), place + by);
  return (
    <search className="find-bar">
      <label htmlFor={id} className="visually-hidden">
        {t('find')}
      </label>
      <input
        id={id}
        ref={field}
        type="search"
        value={query}
        placeholder={t('find')}
        onChange={(event) => {
          setQuery(event.target.value);
          go(places.hits(event.target.value, turnIds), 0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') step(event.shiftKey ? -1 : 1);
          else if (event.key === 'Escape') onClose();
          else return;
          event.preventDefault();
        }}
      />
      <span role="status" className="find-count">
        {query.trim() === ''
          ? ''
          : hits.length === 0
            ? t('find.none')
            : t('find.count', { place: place + 1, count: hits.length })}
      </span>
      <IconButton name={t('find.next')} icon="chevron" onClick={() => step(1)} disabled={hits.length === 0} />
      <IconButton name={t('find.close')} icon="close" onClick={onClose} />
    </search>
  );
}
