import { useId, useState } from 'react';
import type { Result } from '../../../shared/contract/methods.ts';
import type { ImportSource } from '../../../shared/model/credential-import.ts';
import { useServices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { ErrorText } from '../../failure/error-text.tsx';
import { Button } from '../../ui/button.tsx';
import { SubmitForm } from '../../ui/submit-form.tsx';
import { Found } from './found.tsx';
import './import.css';

export type Listing = Result<'credentials.importCandidates'>;

/** Imports credentials that the user has elsewhere. No source is read before the user chooses it. */
export function CredentialImport() {
  const t = useT();
  const [open, setOpen] = useState(false);
  return (
    <details className="plan-details import" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('import')}</summary>
      {open && <ImportCard />}
    </details>
  );
}

function ImportCard() {
  const t = useT();
  const { transport } = useServices();
  const [listing, setListing] = useState<{ readonly at: number; readonly found: Listing } | null>(null);
  const look = useAction(async (source: ImportSource) => {
    setListing(null);
    const found = await transport.call('credentials.importCandidates', { source });
    setListing((before) => ({ at: (before?.at ?? 0) + 1, found }));
  });
  return (
    <section className="card form import-card" aria-label={t('import.title')}>
      <p className="hint">{t('import.hint')}</p>
      <Sources pending={look.pending} onLook={(source) => void look.run(source)} />
      <ErrorText error={look.error} />
      <p role="status" className="said hint">
        {look.pending ? t('import.looking') : ''}
      </p>
      {listing && <Found key={listing.at} listing={listing.found} />}
    </section>
  );
}

function Sources({ pending, onLook }: { pending: boolean; onLook: (source: ImportSource) => void }) {
  const t = useT();
  const id = useId();
  const [path, setPath] = useState('');
  return (
    <>
      <SubmitForm
        className="import-file"
        ready={path.trim() !== '' && !pending}
        onSubmit={() => onLook({ kind: 'file', path: path.trim() })}
      >
        <div className="field">
          <label htmlFor={id}>{t('import.path')}</label>
          <input
            id={id}
            value={path}
            maxLength={4096}
            spellCheck={false}
            autoComplete="off"
            placeholder={t('import.path.placeholder')}
            onChange={(event) => setPath(event.target.value)}
          />
        </div>
        <Button type="submit" disabled={pending || path.trim() === ''}>
          {t('import.file')}
        </Button>
      </SubmitForm>
      <div className="row">
        <Button disabled={pending} onClick={() => onLook({ kind: 'shell' })}>
          {t('import.shell')}
        </Button>
        <Button disabled={pending} onClick={() => onLook({ kind: 'agents' })}>
          {t('import.agents')}
        </Button>
      </div>
    </>
  );
}
