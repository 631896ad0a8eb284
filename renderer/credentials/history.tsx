import { useEffect, useState } from 'react';
import type { CredentialEvent } from '../../shared/model/credential-event.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { agentName, providerName } from '../stores/select.ts';
import { Button } from '../ui/button.tsx';
import { downloadText } from '../ui/download.ts';
import { RouteLink } from '../ui/link.tsx';
import { List } from '../ui/list.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { historyFile, MAX_PAGE, readTrail } from './history-export.ts';
import { scopeText } from './scope-text.ts';

/** Events that are shown at first, and that are added when more are asked for. */
const PAGE = 30;

/** The events of credentials. Requested when opened. */
export function CredentialHistory() {
  const t = useT();
  const [open, setOpen] = useState(false);
  return (
    <details className="plan-details history" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('history')}</summary>
      {open && <LoadedHistory />}
    </details>
  );
}

function LoadedHistory() {
  const t = useT();
  const { credentials, turns } = useSlices('credentials', 'turns');
  const { transport, timers } = useServices();
  const [events, setEvents] = useState<readonly CredentialEvent[] | null>(null);
  const [complete, setComplete] = useState(true);
  const load = useAction(async (limit: number) => {
    const answer = await transport.call('credentials.trail', { limit });
    setEvents(answer.events);
    setComplete(answer.events.length < limit);
  });
  const older = useAction(async () => {
    const before = events?.at(-1)?.eventId;
    const answer = await transport.call('credentials.trail', { limit: PAGE, ...(before ? { before } : {}) });
    setEvents([...(events ?? []), ...answer.events]);
    setComplete(answer.events.length < PAGE);
  });
  const save = useAction(async () =>
    downloadText(historyFile(await readTrail(transport), timers.now()), 'application/json'),
  );
  const run = load.run;
  // Fetches as many entries as are shown, so that unfolded entries stay unfolded.
  const shown = Math.min(MAX_PAGE, Math.max(PAGE, events?.length ?? 0));
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed credential or turn is what makes it stale
  useEffect(() => void run(shown), [run, credentials, turns]);
  if (events === null) return load.error ? <ErrorText error={load.error} /> : <p className="hint">{t('loading')}</p>;
  return (
    <div className="card history-body">
      <div className="history-head">
        <p className="hint">{t('history.hint')}</p>
        {events.length > 0 && (
          <Button look="quiet" onClick={() => save.run()} disabled={save.pending}>
            {t('history.export')}
          </Button>
        )}
      </div>
      <ErrorText error={save.error ?? load.error ?? older.error} />
      {events.length === 0 && <p className="empty">{t('history.empty')}</p>}
      <List className="history-list" aria-label={t('history')}>
        {events.map((event) => (
          <HistoryRow key={event.eventId} event={event} />
        ))}
      </List>
      {!complete && (
        <div className="row">
          <Button onClick={() => older.run()} disabled={older.pending}>
            {t('history.older')}
          </Button>
        </div>
      )}
    </div>
  );
}

function HistoryRow({ event }: { event: CredentialEvent }) {
  const t = useT();
  const app = useSlices('agents', 'providers');
  const { kind, at, providerId, variable, masked, scope, account, storage } = event;
  const provider = providerName(app, providerId);
  const isUse = kind === 'used' || kind === 'rejected';
  const { agentId, turnId } = isUse ? event : {};
  const agent = agentId === undefined ? '' : agentName(app, agentId);
  const sentence = t(kind === 'rejected' && agentId === undefined ? 'history.rejected-check' : `history.${kind}`, {
    agent,
    provider,
  });
  return (
    <li className={`history-${kind}`}>
      <p>
        {turnId === undefined ? sentence : <RouteLink to={{ view: 'session', turnId }}>{sentence}</RouteLink>}
        <RelativeTime at={at} />
      </p>
      <p className="credential-meta">
        <code>
          {variable} {masked}
        </code>
        {!isUse && <span>{provider}</span>}
        <span>{scopeText(scope, t, (agentId) => agentName(app, agentId))}</span>
        {account !== undefined && <span>{t('account.named', { account })}</span>}
        {storage === 'session-only' && <span>{t('storage.session-only')}</span>}
      </p>
    </li>
  );
}
