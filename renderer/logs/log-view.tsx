import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { LogName, LogPosition } from '../../shared/model/log-position.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { RouteLink } from '../ui/link.tsx';
import { ViewHeader } from '../ui/view-header.tsx';
import { excerptOf } from './excerpt.ts';
import { LogFilters } from './log-filters.tsx';
import { LogLines } from './log-lines.tsx';
import { createLogStore, type LogStore } from './log-store.ts';
import { lineAt } from './merge.ts';
import { useLogTitle } from './use-log-title.ts';
import './logs.css';

interface LogViewProps {
  readonly log: LogName;
  readonly position: LogPosition | undefined;
  readonly turnId: string | undefined;
}

/** A log, opened at its end, or at the position of a failure. */
export default function LogView({ log, position, turnId }: LogViewProps) {
  const { transport, timers } = useServices();
  const [logs, setLogs] = useState<LogStore | null>(null);
  const place = position && `${position.segment}:${position.offset}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `place` stands for `position`, whose object is new each time
  useEffect(() => {
    const created = createLogStore({ transport, timers, log, ...(position ? { position } : {}) });
    setLogs(created);
    return () => created.dispose();
  }, [transport, timers, log, place]);
  return logs && <OpenLog log={log} logs={logs} turnId={turnId} />;
}

function OpenLog({ log, logs, turnId }: { log: LogName; logs: LogStore; turnId: string | undefined }) {
  const t = useT();
  const title = useLogTitle(log, turnId);
  const state = useStore(logs.store);
  const marked = state.place && !state.positionGone ? lineAt(state.lines, state.place) : undefined;
  return (
    <section className="log" aria-label={title}>
      <ViewHeader title={title} focusKey={log}>
        <Button look="quiet" icon="warning" onClick={logs.showFailure}>
          {t('log.toFailure')}
        </Button>
        {state.lines.length > 0 && (
          <CopyButton text={excerptOf(state.lines, marked)} name={t(marked ? 'log.copyAround' : 'log.copy')} />
        )}
      </ViewHeader>
      <LogSwitch log={log} turnId={turnId} />
      <LogFilters state={state} logs={logs} />
      {state.positionGone && (
        <Banner tone="info" icon="log">
          {t('log.positionGone')}
        </Banner>
      )}
      <ErrorText error={state.error} />
      {state.error && !state.following && (
        <Button className="log-retry" onClick={logs.reload}>
          {t('tryAgain')}
        </Button>
      )}
      <LogLines
        state={state}
        marked={marked}
        onEarlier={logs.loadEarlier}
        onLater={logs.loadLater}
        onScrolledUp={() => logs.setFollowing(false)}
      />
      <LogFile log={log} />
    </section>
  );
}

/** The two logs of Perch itself, whatever log is open. */
function LogSwitch({ log, turnId }: { log: LogName; turnId: string | undefined }) {
  const t = useT();
  const turn = turnId === undefined ? {} : { turnId };
  return (
    <nav className="tabs" aria-label={t('logs')}>
      {(['runner', 'core'] as const).map((name) => (
        <RouteLink
          key={name}
          to={{ view: 'log', log: name, ...turn }}
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

/** Where the log is kept, and the way there where the host has one. */
function LogFile({ log }: { log: LogName }) {
  const t = useT();
  const { host } = useSlices('host');
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
