import { useEffect, useId, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { LogLevel, LogName, LogPosition } from '../../shared/model/log-position.ts';
import { useApp, useServices, useT } from '../app/services.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { ErrorText } from '../ui/error-text.tsx';
import { RouteLink } from '../ui/link.tsx';
import { useAction } from '../ui/use-action.ts';
import { ViewHeader } from '../ui/view-header.tsx';
import { logLineText } from './line-text.ts';
import { createLogStore, type LogState, type LogStore } from './log-store.ts';
import './logs.css';
import { LogLines } from './log-lines.tsx';

interface LogViewProps {
  readonly log: LogName;
  readonly position: LogPosition | undefined;
}

/** A log, opened at its end, or at the place where something failed (R3, R5). */
export default function LogView({ log, position }: LogViewProps) {
  const { transport, timers } = useServices();
  const [logs, setLogs] = useState<LogStore | null>(null);
  const place = position && `${position.segment}:${position.offset}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `place` stands for `position`, whose object is new each time
  useEffect(() => {
    const created = createLogStore({ transport, timers, log, ...(position ? { position } : {}) });
    setLogs(created);
    return () => created.dispose();
  }, [transport, timers, log, place]);
  return logs && <OpenLog log={log} position={position} logs={logs} />;
}

function useLogTitle(log: LogName): string {
  const t = useT();
  return log === 'runner' || log === 'core'
    ? t(`log.${log}`)
    : t('log.session', { session: log.slice('session:'.length, 16) });
}

function OpenLog({ log, position, logs }: LogViewProps & { logs: LogStore }) {
  const t = useT();
  const title = useLogTitle(log);
  const state = useStore(logs.store);
  return (
    <section className="log" aria-label={title}>
      <ViewHeader title={title} focusKey={log}>
        <CopyButton text={state.lines.map(logLineText).join('\n')} name={t('log.copy')} />
      </ViewHeader>
      <LogSwitch log={log} />
      <LogFilters state={state} logs={logs} />
      {state.positionGone && (
        <Banner tone="info" icon="log">
          {t('log.positionGone')}
        </Banner>
      )}
      <ErrorText error={state.error} />
      <LogLines
        state={state}
        place={position}
        onEarlier={logs.loadEarlier}
        onScrolledUp={() => logs.setFollowing(false)}
      />
      <LogFile log={log} />
    </section>
  );
}

/** The two logs of Perch itself, whatever log is open. */
function LogSwitch({ log }: { log: LogName }) {
  const t = useT();
  return (
    <nav className="tabs" aria-label={t('logs')}>
      {(['runner', 'core'] as const).map((name) => (
        <RouteLink
          key={name}
          to={{ view: 'log', log: name }}
          className="tab"
          aria-current={name === log ? 'page' : undefined}
        >
          {t(`log.${name}`)}
        </RouteLink>
      ))}
      {log !== 'runner' && log !== 'core' && (
        <span className="tab" aria-current="page">
          {t('log.thisSession')}
        </span>
      )}
    </nav>
  );
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

function LogFilters({ state, logs }: { state: LogState; logs: LogStore }) {
  const t = useT();
  const id = useId();
  const [text, setText] = useState(state.filter.text);
  const { timers } = useServices();
  const wait = useRef(() => {});
  const search = (wanted: string) => {
    setText(wanted);
    wait.current();
    wait.current = timers.after(250, () => logs.setFilter({ ...logs.store.getState().filter, text: wanted }));
  };
  useEffect(() => () => wait.current(), []);
  return (
    <div className="log-filters">
      <label htmlFor={`${id}-text`} className="visually-hidden">
        {t('log.search')}
      </label>
      <input
        id={`${id}-text`}
        type="search"
        value={text}
        maxLength={200}
        placeholder={t('log.search')}
        onChange={(event) => search(event.target.value)}
      />
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
    </div>
  );
}

/** Where the log is kept, and the way there where the host has one. */
function LogFile({ log }: { log: LogName }) {
  const t = useT();
  const { host } = useApp();
  const { transport } = useServices();
  const [path, setPath] = useState('');
  const find = useAction(async () => setPath((await transport.call('logs.file', { log, reveal: false })).path));
  const reveal = useAction(() => transport.call('logs.file', { log, reveal: true }));
  const run = find.run;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another log is another file
  useEffect(() => void run(), [run, log]);
  return (
    <footer className="log-file">
      {path && (
        <>
          <code title={path}>{path}</code>
          <CopyButton text={path} name={t('log.copyPath')} />
          {host.canRevealFiles && (
            <Button look="quiet" icon="folder" onClick={() => reveal.run()}>
              {t('log.reveal')}
            </Button>
          )}
        </>
      )}
      <ErrorText error={find.error ?? reveal.error} />
    </footer>
  );
}
