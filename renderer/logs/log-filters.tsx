import { useEffect, useId, useRef, useState } from 'react';
import type { LogLevel } from '../../shared/model/log-position.ts';
import { useServices, useT } from '../context/services.tsx';
import type { LogState, LogStore } from './log-store.ts';

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
/** Milliseconds without a key before a text is looked for. */
const TYPING = 250;

/** Which lines are shown, how many they are, and whether the end is followed. */
export function LogFilters({ state, logs }: { state: LogState; logs: LogStore }) {
  const t = useT();
  const id = useId();
  return (
    <search className="log-filters">
      <SearchField id={`${id}-text`} text={state.filter.text} logs={logs} />
      <label htmlFor={`${id}-level`} className="visually-hidden">
        {t('log.level')}
      </label>
      <select
        id={`${id}-level`}
        value={state.filter.minLevel}
        onChange={(event) => logs.setFilter({ ...state.filter, minLevel: event.target.value as LogLevel })}
      >
        {LEVELS.map((level) => (
          <option key={level} value={level}>
            {t(`log.level.${level}`)}
          </option>
        ))}
      </select>
      <label className="check">
        <input
          type="checkbox"
          checked={state.following}
          onChange={(event) => logs.setFollowing(event.target.checked)}
        />
        {t('log.follow')}
      </label>
      <span role="status" className="log-count">
        {countOf(state, t)}
      </span>
    </search>
  );
}

function countOf({ lines, loading, atStart, atEnd, noFailure }: LogState, t: ReturnType<typeof useT>): string {
  if (noFailure) return t('log.noFailure');
  if (loading || lines.length === 0) return '';
  return t(atStart && atEnd ? 'log.count' : 'log.countMore', { count: lines.length });
}

/** Opened by the key that searches a page; Escape empties it. */
function SearchField({ id, text: wanted, logs }: { id: string; text: string; logs: LogStore }) {
  const t = useT();
  const { timers } = useServices();
  const [text, setText] = useState(wanted);
  const field = useRef<HTMLInputElement>(null);
  const wait = useRef(() => {});
  const search = (typed: string, delay: number) => {
    setText(typed);
    wait.current();
    wait.current = timers.after(delay, () => logs.setFilter({ ...logs.store.getState().filter, text: typed }));
  };
  useEffect(() => () => wait.current(), []);
  // Another part of the view may take the text away, to show every line.
  useEffect(() => setText(wanted), [wanted]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const searches = event.key.toLowerCase() === 'f' && (event.ctrlKey || event.metaKey);
      if (!searches || event.altKey || event.shiftKey) return;
      event.preventDefault();
      field.current?.select();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <label htmlFor={id} className="visually-hidden">
        {t('log.search')}
      </label>
      <input
        id={id}
        ref={field}
        type="search"
        value={text}
        maxLength={200}
        placeholder={t('log.search')}
        onChange={(event) => search(event.target.value, TYPING)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || text === '') return;
          event.preventDefault();
          event.stopPropagation();
          search('', 0);
        }}
      />
    </>
  );
}
