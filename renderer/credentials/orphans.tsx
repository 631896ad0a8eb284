import { useState } from 'react';
import type { Result } from '../../shared/contract/methods.ts';
import { useServices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { Question } from '../forms/question.tsx';
import { Button } from '../ui/button.tsx';
import { List } from '../ui/list.tsx';

type Found = Result<'keychain.orphans'>;
type Orphan = Found['orphans'][number];

/** Keychain items of installations that are no more. Looked for on a click: each takes a look into the keychain. */
export function OrphansCard() {
  const t = useT();
  return (
    <section className="card" aria-labelledby="orphans-heading">
      <h3 id="orphans-heading">{t('orphans.heading')}</h3>
      <p className="hint">{t('orphans.hint')}</p>
      <Orphans />
    </section>
  );
}

export function Orphans() {
  const t = useT();
  const { transport } = useServices();
  const [found, setFound] = useState<Found | null>(null);
  const [said, setSaid] = useState('');
  const look = useAction(async () => setFound(await transport.call('keychain.orphans', {})));
  const onRemoved = (count: number) => {
    setSaid(t('orphans.removed', { count }));
    void look.run();
  };
  return (
    <div className="stack">
      <p role="status" className="said">
        {said}
      </p>
      {found === null ? (
        <div className="row">
          <Button onClick={() => look.run()} disabled={look.pending}>
            {t('orphans.look')}
          </Button>
        </div>
      ) : (
        <FoundOrphans found={found} onRemoved={onRemoved} />
      )}
      <ErrorText error={look.error} />
    </div>
  );
}

function FoundOrphans({ found, onRemoved }: { found: Found; onRemoved: (count: number) => void }) {
  const t = useT();
  const { orphans, unchecked } = found;
  return (
    <>
      {orphans.length === 0 && <p className="empty">{t('orphans.none')}</p>}
      {orphans.length > 0 && (
        <List className="credential-list" aria-label={t('orphans.heading')}>
          {orphans.map((orphan) => (
            <OrphanRow key={orphan.installationId} orphan={orphan} onRemoved={onRemoved} />
          ))}
        </List>
      )}
      {unchecked.map(({ installationId, dataDir, reason }) => (
        <p key={installationId} className="hint">
          {t('orphans.unchecked', { directory: dataDir, reason })}
        </p>
      ))}
    </>
  );
}

function OrphanRow({ orphan, onRemoved }: { orphan: Orphan; onRemoved: (count: number) => void }) {
  const t = useT();
  const { transport } = useServices();
  const [asking, setAsking] = useState(false);
  const { installationId, dataDir, items } = orphan;
  const remove = useAction(async () => {
    const { items: count } = await transport.call('keychain.removeOrphans', { installationIds: [installationId] });
    onRemoved(count);
  });
  return (
    <li className="credential">
      <div className="credential-text">
        <p>
          <code>{dataDir}</code>
        </p>
        <p className="credential-meta">{t('orphans.items', { count: items })}</p>
      </div>
      {!asking && (
        <div className="row credential-actions">
          <Button
            look="quiet"
            onClick={() => setAsking(true)}
            aria-label={t('orphans.remove.named', { directory: dataDir })}
          >
            {t('orphans.remove')}
          </Button>
        </div>
      )}
      {asking && (
        <Question
          label={t('orphans.remove')}
          keep={t('keep')}
          go={t('orphans.remove')}
          action={remove}
          onKeep={() => setAsking(false)}
        >
          {t('orphans.ask')}
        </Question>
      )}
    </li>
  );
}
